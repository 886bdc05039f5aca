"""Who oversees a psychologist reads her clients' files; who works on the case changes them."""

import pytest
from django.urls import reverse

from clinic.accounts.models import User
from clinic.cases.models import CaseAccess
from clinic.clients import actions, place_actions
from clinic.errors import NotAllowed
from clinic.kernel.audit.history import entries_about
from clinic.people.models import Person
from clinic.people.places import Place
from tests.clients.test_case_views import overseen

__all__ = ["overseen"]  # a fixture

OWN_CASES = "Only the psychologist of the case does this."
ELSEWHERE = {"label": "flat", "country": "GB", "region": "London", "street": "1 Sample Road"}


@pytest.fixture
def home(person, case, town, counsellor, now) -> Place:
    values = {"label": "home", "town": town, "street": "示範路 1 號"}
    return place_actions.add_place(person=person, values=values, by=counsellor, now=now)


@pytest.fixture
def substitute(stranger, case, now, days):
    CaseAccess.objects.create(
        user=stranger,
        case=case,
        relation="substitute",
        reason="leave",
        period=(now - days(1), now + days(1)),
    )
    return stranger


def test_who_oversees_her_changes_nothing(supervisor, overseen, person, contact, home, now):
    about = (person, contact, home)
    told, by = entries_about(*about).count(), {"by": supervisor, "now": now}
    attempts = [
        lambda: actions.change_client(person=person, values={"phone": "1"}, **by),
        lambda: actions.add_contact(person=person, values={"name": "x"}, **by),
        lambda: actions.change_contact(contact=contact, values={"name": "x"}, **by),
        lambda: actions.end_contact(contact=contact, **by),
        lambda: actions.restore_contact(contact=contact, **by),
        lambda: place_actions.add_place(person=person, values=ELSEWHERE, **by),
        lambda: place_actions.change_place(place=home, values=ELSEWHERE, **by),
        lambda: place_actions.end_place(place=home, **by),
        lambda: place_actions.restore_place(place=home, **by),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert str(refused.value) == OWN_CASES
    assert entries_about(*about).count() == told
    assert [place.label for place in Person.objects.get().places.all()] == ["home"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": ["admin"]}])
def test_who_oversees_one_that_left_notes_what_her_clients_ask_for(
    change, browse, counsellor, supervisor, overseen, person, home, now
):
    """Else nobody could: "no more mail" has to be heard at once."""
    User.objects.filter(pk=counsellor.pk).update(**change)
    actions.change_client(person=person, values={"never_mail": True}, by=supervisor, now=now)
    page = browse(supervisor).get(reverse("client", args=[person.pk]))
    assert (Person.objects.get().never_mail, page.context["keeps"]) == (True, True)


def test_who_stands_in_for_her_changes_the_file(browse, substitute, person, home, now):
    place_actions.change_place(place=home, values={"label": "flat"}, by=substitute, now=now)
    page = browse(substitute).get(reverse("client", args=[person.pk]))
    assert (Place.objects.get().label, page.context["keeps"]) == ("flat", True)


def test_the_page_shows_her_the_file_without_a_way_to_change_it(
    browse, counsellor, supervisor, overseen, person, contact, home
):
    url = reverse("client", args=[person.pk])
    ways = [
        reverse("client_change", args=[person.pk]),
        reverse("contact_add", args=[person.pk]),
        reverse("contact_change", args=[person.pk, contact.pk]),
        reverse("contact_end", args=[person.pk, contact.pk]),
        reverse("place_add", args=[person.pk]),
        reverse("place_change", args=[person.pk, home.pk]),
        reverse("place_end", args=[person.pk, home.pk]),
    ]
    pages = [browse(user).get(url).content.decode() for user in (counsellor, supervisor)]
    assert [[f'"{way}"' in page for way in ways] for page in pages] == [
        [True] * len(ways),
        [False] * len(ways),
    ]
    assert all("示範路 1 號" in page and contact.name in page for page in pages)


def test_a_form_of_the_file_that_she_opens_says_so_and_offers_no_saving(
    browse, counsellor, supervisor, overseen, person, contact, home
):
    addresses = [
        reverse("client_change", args=[person.pk]),
        reverse("contact_add", args=[person.pk]),
        reverse("contact_change", args=[person.pk, contact.pk]),
        reverse("place_add", args=[person.pk]),
        reverse("place_change", args=[person.pk, home.pk]),
    ]
    signs = ['class="form-end"', "Only the psychologist of the case changes it."]
    shown = {
        user: [
            [sign in browse(user).get(url).content.decode() for sign in signs] for url in addresses
        ]
        for user in (counsellor, supervisor)
    }
    assert shown == {
        counsellor: [[True, False]] * len(addresses),
        supervisor: [[False, True]] * len(addresses),
    }


def test_who_adds_a_client_saves_her(browse, supervisor):
    page = browse(supervisor).get(reverse("client_add")).content.decode()
    assert 'class="form-end"' in page


def test_what_she_typed_into_an_address_she_knew_is_refused_and_kept(
    browse, supervisor, overseen, person, home
):
    typed = {"label": "home", "country": "TW", "county": "63000", "town": "63000080"}
    url = reverse("place_change", args=[person.pk, home.pk])
    page = browse(supervisor).post(url, typed | {"street": "示範路 9 號"})
    assert page.context["form"].non_field_errors() == [OWN_CASES]
    assert page.context["form"]["street"].value() == "示範路 9 號"
    assert Place.objects.get().street == "示範路 1 號"


def test_with_a_case_of_her_own_with_the_client_she_changes_the_file(
    supervisor, overseen, person, home, now
):
    actions.open_case(person=person, by=supervisor, now=now)
    place_actions.change_place(place=home, values={"label": "flat"}, by=supervisor, now=now)
    assert Place.objects.get().label == "flat"


def test_the_page_of_the_case_leads_only_her_to_what_is_still_to_be_noted(
    browse, counsellor, supervisor, overseen, case, person
):
    ways = [reverse("contact_add", args=[person.pk]), reverse("place_add", args=[person.pk])]
    pages = [
        browse(user).get(reverse("case", args=[case.pk])).content.decode()
        for user in (counsellor, supervisor)
    ]
    assert [[f'"{way}"' in page for way in ways] for page in pages] == [
        [True, True],
        [False, False],
    ]
