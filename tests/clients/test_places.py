"""Places of a client: exactly one usual, in Taiwan or abroad, kept in words."""

import pytest
from django.urls import reverse

from clinic.clients import place_actions as actions
from clinic.errors import Refused
from clinic.kernel.audit.history import entries_about, history
from clinic.people.countries import COUNTRIES
from clinic.people.places import Place

HOME = {
    "label": "home",
    "country": "TW",
    "county": "63000",
    "town": "63000080",
    "street": "示範路 1 號",
}
LONDON = {"label": "London flat", "country": "GB", "region": "London", "street": "1 Sample Road"}


@pytest.fixture
def add(person, town, counsellor, now):
    def added(label="home", **values):
        base = {"label": label, "town": town, "street": "示範路 1 號"}
        return actions.add_place(person=person, values=base | values, by=counsellor, now=now)

    return added


def usual(person):
    return [place.label for place in person.places.filter(usual=True, ended_at=None)]


def errors(response):
    return {name: str(lines[0]) for name, lines in response.context["form"].errors.items()}


def test_a_place_in_taiwan_is_added_by_county_and_township(browse, counsellor, person, town):
    browser = browse(counsellor)
    page = browser.post(reverse("place_add", args=[person.pk]), HOME, follow=True)
    assert page.redirect_chain == [(reverse("client", args=[person.pk]), 302)]
    place = Place.objects.get()
    assert (place.town, place.region, place.usual) == (town, "", True)
    assert "示範路 1 號, Wenshan, Taipei City" in page.content.decode()


def test_a_place_abroad_is_added_by_country_and_city(browse, counsellor, person, town):
    page = browse(counsellor).post(reverse("place_add", args=[person.pk]), LONDON, follow=True)
    place = Place.objects.get()
    assert (place.country, place.region, place.town) == ("GB", "London", None)
    assert "1 Sample Road, London, United Kingdom" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (HOME | {"country": "ZZ"}, {"country": "This country is not in the list."}),
        (HOME | {"county": "", "town": ""}, {"town": "Please choose county and township."}),
        (HOME | {"county": "65000"}, {"town": "This township lies in another county."}),
        (HOME | {"region": "London"}, {"region": "This is for places abroad."}),
        (LONDON | {"region": ""}, {"region": "Please say in which state, province or city"}),
        (LONDON | {"town": "63000080"}, {"town": "This is for places in Taiwan."}),
        (LONDON | {"street": ""}, {"street": "This field is required."}),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_kept(
    browse, counsellor, person, town, typed, found
):
    page = browse(counsellor).post(reverse("place_add", args=[person.pk]), typed)
    said = errors(page)
    assert {name: said[name][: len(words)] for name, words in found.items()} == found
    assert {*said} == {*found}
    form = page.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert Place.objects.count() == 0


def test_every_country_has_a_name_in_both_languages():
    codes = [code for code, names in COUNTRIES.items() if all(names) and len(code) == 2]
    assert (len(codes), COUNTRIES["TW"]) == (249, ("臺灣", "Taiwan"))


def test_the_first_place_is_the_usual_one_whatever_was_ticked(add, person):
    add("home", usual=False)
    assert usual(person) == ["home"]


def test_another_usual_place_takes_it_from_the_first(add, person, counsellor, now):
    home = add("home")
    office = add("office", usual=True)
    assert usual(person) == ["office"]
    actions.change_place(place=home, values={"usual": True}, by=counsellor, now=now)
    assert usual(person) == ["home"]
    said = history(entries_about(office).changes())
    assert said[0].details == ["The usual place: yes → no"]


def test_the_usual_mark_cannot_just_be_taken_away(browse, counsellor, add, person, town):
    home = add("home")
    url = reverse("place_change", args=[person.pk, home.pk])
    page = browse(counsellor).post(url, HOME)
    assert errors(page) == {
        "usual": "One place must be the usual one. Please mark another place as the usual one "
        "instead."
    }
    assert usual(person) == ["home"]


def test_the_usual_place_ends_only_when_it_is_the_last(add, person, counsellor, now):
    home, office = add("home"), add("office")
    with pytest.raises(Refused) as refused:
        actions.end_place(place=home, by=counsellor, now=now)
    assert refused.value.code == "place.usual_needed"
    actions.end_place(place=office, by=counsellor, now=now)
    actions.end_place(place=home, by=counsellor, now=now)
    assert usual(person) == []


def test_a_restored_place_is_usual_only_where_no_other_is(add, person, counsellor, now):
    home = add("home")
    actions.end_place(place=home, by=counsellor, now=now)
    add("office")
    actions.restore_place(place=home, by=counsellor, now=now)
    assert usual(person) == ["office"]


def test_an_ended_place_is_not_changed(add, counsellor, now):
    home = add("home")
    actions.end_place(place=home, by=counsellor, now=now)
    with pytest.raises(Refused) as refused:
        actions.change_place(place=home, values={"label": "flat"}, by=counsellor, now=now)
    assert refused.value.code == "place.ended"


def test_ending_offers_the_way_back(browse, counsellor, add, person):
    home = add("home")
    browser = browse(counsellor)
    page = browser.post(reverse("place_end", args=[person.pk, home.pk]), follow=True)
    back = reverse("place_restore", args=[person.pk, home.pk])
    assert back in page.content.decode()
    browser.post(back)
    assert usual(person) == ["home"]


def test_without_a_place_the_page_says_what_to_do(browse, counsellor, person):
    page = browse(counsellor).get(reverse("client", args=[person.pk])).content.decode()
    assert "No place is noted yet. Sessions at a distance need one." in page
    assert reverse("place_add", args=[person.pk]) in page


def test_a_place_of_another_client_is_not_found(browse, counsellor, stranger, add, person, now):
    home = add("home")
    for reader, status in ((counsellor, 200), (stranger, 404)):
        url = reverse("place_change", args=[person.pk, home.pk])
        assert browse(reader).get(url).status_code == status
    other = reverse("place_change", args=[person.pk, home.pk + 1])
    assert browse(counsellor).get(other).status_code == 404


def test_the_history_of_the_client_tells_of_her_places(browse, counsellor, add, person):
    add("home")
    page = browse(counsellor).get(reverse("client_history", args=[person.pk]))
    assert "added a place" in page.content.decode()


def test_another_counsellor_adds_no_place(person, town, stranger, now):
    with pytest.raises(Refused) as refused:
        values = {"label": "x", "town": town, "street": "1"}
        actions.add_place(person=person, values=values, by=stranger, now=now)
    assert refused.value.code == "access.not_allowed"


def test_another_township_is_another_place(add, person, counsellor, now):
    """What was found out for the old one, such as whom to call, must not pass for the new (G5.2)."""
    home = add("home")
    moved = actions.change_place(
        place=home, values={"town_id": "65000060", "street": "示範路 9 號"}, by=counsellor, now=now
    )
    home.refresh_from_db()
    assert (home.ended_at, home.town_id, moved.pk == home.pk) == (now, "63000080", False)
    kept = (moved.label, moved.town_id, moved.street, moved.usual)
    assert (kept, usual(person)) == (("home", "65000060", "示範路 9 號", True), ["home"])


def test_another_street_or_name_is_the_same_place(add, counsellor, now):
    home = add("home")
    values = {"label": "flat", "street": "示範路 9 號", "town_id": home.town_id}
    same = actions.change_place(place=home, values=values, by=counsellor, now=now)
    assert (same.pk, same.label, same.ended_at) == (home.pk, "flat", None)
