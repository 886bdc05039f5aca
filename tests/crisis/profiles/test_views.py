"""Pages of a profile: proposals, what was typed, what is missing, the sheet of paper."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.clients import actions as clients
from clinic.clients.place_actions import add_place
from clinic.kernel.stale import FIELD
from crisis.models import Choice, CrisisProfile, Risk
from crisis.profiles.actions import Pick, save_profile
from tests.crisis.profiles.conftest import LIMITS, PLAN, everything, listed, whole

SCRIPT = "<script>alert(1)</script>"


def url(place, name="crisis_profile"):
    return reverse(name, args=[place.person_id, place.pk])


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def complete(**but):
    typed = {f"{kind}_pick": "none" for kind in Choice.Kind}
    typed |= {f"risk_{kind}": "none" for kind in Risk.Kind}
    typed |= {"limits_explained_on": "2026-01-05", "out_of_hours_plan": PLAN}
    return typed | but


def test_the_nearest_are_proposed_and_chosen_beforehand(browse, counsellor, home, directory):
    form = browse(counsellor).get(url(home)).context["form"]
    names = ("hospital", "mental_health_centre", "fire", "police", "suicide_prevention")
    picked = {name: form[f"{name}_pick"].value() for name in names}
    rows = ("hospital", "centre", "119", "110", "1925")
    assert picked == {name: f"r{directory[row].pk}" for name, row in zip(names, rows, strict=True)}
    assert form["village_chief_pick"].value() is None


def test_abroad_nothing_is_proposed(browse, counsellor, abroad, directory):
    form = browse(counsellor).get(url(abroad)).context["form"]
    assert [form[f"{kind}_pick"].value() for kind in Choice.Kind] == [None] * 7


def test_the_national_numbers_are_said_to_reach_only_a_place_in_taiwan(
    browse, counsellor, home, abroad
):
    pages = [browse(counsellor).get(url(place)).content.decode() for place in (home, abroad)]
    assert [
        [words in page for words in ("119・110・1925", "119, 110 and 1925 do not reach")]
        for page in pages
    ] == [
        [True, False],
        [False, True],
    ]


def test_a_short_emergency_number_is_taken_only_for_a_place_abroad(
    browse, counsellor, home, abroad
):
    typed = complete(police_pick="typed", police_name="Sample Police", police_number="999")
    answers = [browse(counsellor).post(url(place), typed) for place in (home, abroad)]
    assert [answer.status_code for answer in answers] == [200, 302]
    assert {*answers[0].context["form"].errors} == {"police_number"}


def test_a_number_of_another_county_cannot_be_chosen(browse, counsellor, office, directory):
    typed = complete(hospital_pick=f"r{directory['hospital'].pk}")
    page = browse(counsellor).post(url(office), typed)
    assert {*page.context["form"].errors} == {"hospital_pick"}


def test_a_whole_profile_is_saved_and_the_client_page_says_so(
    browse, counsellor, home, contact, directory
):
    typed = complete(
        hospital_pick=f"r{directory['hospital'].pk}",
        police_pick="typed",
        police_name="文山派出所",
        police_number="0000-000-091",
        risk_suicide="watch",
        risk_suicide_note="said so in May",
    )
    page = browse(counsellor).post(url(home), typed, follow=True)
    assert page.redirect_chain == [(reverse("client", args=[home.person_id]), 302)]
    assert "Crisis profile home usual place Complete" in words(page)
    profile = whole(home)
    chosen = {choice.kind: choice for choice in profile.choices.all()}
    assert chosen["hospital"].resource == directory["hospital"]
    assert (chosen["police"].name, chosen["police"].number) == ("文山派出所", "0000-000-091")
    assert chosen["fire"].none_by == counsellor
    risk = profile.risks.get(kind="suicide")
    assert (risk.level, risk.note) == ("watch", "said so in May")


def test_a_window_opened_before_does_not_take_back_what_was_saved_since(
    browse, counsellor, home, directory
):
    """Two windows: the plan and a number are changed in one, the other then sends what it had."""
    window, typed = browse(counsellor), complete(hospital_pick=f"r{directory['hospital'].pk}")
    window.post(url(home), typed)
    stamp = {FIELD: window.get(url(home)).context["started"]}
    newer = {"hospital_pick": "none", "out_of_hours_plan": "Call my sister first."}
    window.post(url(home), typed | newer | stamp)
    page = window.post(url(home), typed | {"risk_suicide": "watch"} | stamp)
    form, profile = page.context["form"], whole(home)
    assert {*form.errors} == {*newer}
    assert (form["hospital_pick"].value(), form["risk_suicide"].value()) == ("kept", "watch")
    assert (profile.out_of_hours_plan, profile.choices.get(kind="hospital").none_by) == (
        "Call my sister first.",
        counsellor,
    )


def test_half_a_profile_is_saved_and_the_page_says_what_is_missing(browse, counsellor, home):
    page = browse(counsellor).post(url(home), {"out_of_hours_plan": PLAN}, follow=True)
    assert page.redirect_chain == [(url(home), 302)]
    said = words(page)
    assert "5 things are missing" in said
    for text in ("No emergency contact who may be called", "Limits not explained"):
        assert text in said
    assert reverse("contact_add", args=[home.person_id]) in page.content.decode()


def test_an_error_keeps_everything_that_was_typed(browse, counsellor, home):
    typed = complete(
        police_pick="typed",
        police_name="文山派出所",
        police_number="12",
        fire_pick="typed",
        limits_explained_on="2126-01-05",
        risk_suicide="",
        risk_suicide_note="said so",
        nearby_words="none needed",
    )
    page = browse(counsellor).post(url(home), typed)
    form = page.context["form"]
    wrong = {"police_number", "fire_name", "fire_number", "limits_explained_on", "risk_suicide"}
    assert {*form.errors} == wrong
    assert {name: form[name].value() for name in typed} == typed
    assert CrisisProfile.objects.count() == 0


def test_none_known_keeps_its_day_until_it_is_looked_up_again(
    browse, counsellor, profile, home, days
):
    Choice.objects.filter(kind="police").update(none_on="2026-01-05")
    browser = browse(counsellor)
    form = browser.get(url(home)).context["form"]
    assert form["police_pick"].value() == "kept"
    assert "None known, looked up on 2026-01-05 by guyu" in words(browser.get(url(home)))
    browser.post(url(home), complete(police_pick="kept"))
    assert Choice.objects.get(kind="police").none_on.isoformat() == "2026-01-05"


def test_a_reason_is_asked_only_where_nobody_may_be_called(browse, counsellor, home, told):
    browser = browse(counsellor)
    assert "no_contact_reason" in browser.get(url(home)).context["form"].fields
    told(do_not_contact=True)
    page = browser.get(url(home))
    assert ("no_contact_reason" in page.context["form"].fields, "江大暑" in words(page)) == (
        True,
        False,
    )
    told(name="江立秋")
    page = browser.get(url(home))
    assert ("no_contact_reason" in page.context["form"].fields, "江立秋" in words(page)) == (
        False,
        True,
    )


def test_markup_in_every_text_is_shown_as_text(browse, counsellor, home):
    texts = ("out_of_hours_plan", "nearby_words", "contact_words", "no_contact_reason")
    typed = complete(
        **dict.fromkeys(texts, SCRIPT),
        risk_suicide="watch",
        risk_suicide_note=SCRIPT,
        police_pick="typed",
        police_name=SCRIPT,
        police_number="0000-000-091",
    )
    browser = browse(counsellor)
    browser.post(url(home), typed)
    assert CrisisProfile.objects.count() == 1
    for page in (browser.get(url(home)), browser.get(url(home, "crisis_paper"))):
        assert SCRIPT not in page.content.decode()
        assert html.escape(SCRIPT) in page.content.decode()


def test_the_sheet_holds_numbers_and_plan_and_nothing_clinical(
    browse, counsellor, home, contact, directory, clinic, now
):
    picks = everything()["picks"] | {"hospital": Pick(resource=directory["hospital"])}
    values = everything()["values"] | {"nearby_words": "refer?", "contact_words": "mother knows"}
    save_profile(place=home, **everything(picks=picks, values=values), by=counsellor, now=now)
    clients.change_client(
        person=home.person, values={"letter_language": "en"}, by=counsellor, now=now
    )
    page = browse(counsellor).get(url(home, "crisis_paper"))
    said = words(page)
    for text in ("119", "110", "1925", "文山醫院", "0200000101", "Call 1925 at night."):
        assert text in said
    for text in ("refer?", "mother knows", "suicide", "risk", "江立秋"):
        assert text not in said.lower()


def test_the_sheet_is_neutral_where_letters_are(
    browse, counsellor, home, directory, clinic, contact, now
):
    picks = everything()["picks"] | {"mental_health_centre": Pick(resource=directory["centre"])}
    plan = LIMITS | {"out_of_hours_plan": f"{clinic.name}\n{clinic.phone}"}
    save_profile(place=home, **everything(picks=picks, values=plan), by=counsellor, now=now)
    values = {"neutral_contact": True, "letter_language": "en"}
    clients.change_client(person=home.person, values=values, by=counsellor, now=now)
    page = browse(counsellor).get(url(home, "crisis_paper"))
    text = page.content.decode()
    assert "<title>Telephone numbers</title>" in text
    assert ("0200000102" in text, "節氣工作室" in text) == (True, True)
    assert (clinic.phone in text, clinic.neutral_phone in text) == (False, True)
    for telling in ("心衛", "心理", "諮商", "安心", "ounsel", "crisis", "mental"):
        assert telling not in words(page)
    assert "諮商" not in text


def test_a_neutral_sheet_does_not_name_a_hospital_whose_name_tells(
    browse, counsellor, home, clinic, contact, now
):
    values = {"county": home.town.county, "town": home.town}
    told = listed("示範身心精神科醫院", "hospital", "0200000999", now, **values)
    picks = everything()["picks"] | {"hospital": Pick(resource=told)}
    save_profile(place=home, **everything(picks=picks), by=counsellor, now=now)
    neutral = {"neutral_contact": True}
    change = {"person": home.person, "by": counsellor, "now": now}
    shown = []
    for asked in ({}, neutral):
        clients.change_client(values=asked, **change)
        page = browse(counsellor).get(url(home, "crisis_paper")).content.decode()
        shown.append([text in page for text in (told.name, "0200000999")])
    assert shown == [[True, True], [False, True]]


def test_the_sheet_speaks_the_clients_language(browse, counsellor, profile, home):
    page = browse(counsellor).get(url(home, "crisis_paper"))
    assert ('<html lang="zh-Hant-TW">' in page.content.decode()) is True
    assert page.headers["Content-Language"] == "zh-hant"


def test_a_stranger_finds_neither_profile_nor_sheet(browse, stranger, profile, home):
    for name in ("crisis_profile", "crisis_paper"):
        page = browse(stranger).get(url(home, name))
        assert (page.status_code, "示範路" in page.content.decode()) == (404, False)


def test_the_case_shows_the_state_of_every_place(browse, counsellor, case, home, office):
    page = browse(counsellor).get(reverse("case", args=[case.pk]))
    said = words(page)
    assert "home usual place Not filled in yet" in said
    assert "office Not filled in yet" in said


def test_without_a_place_the_case_says_what_to_do(browse, counsellor, case, person):
    page = browse(counsellor).get(reverse("case", args=[case.pk]))
    assert "No place is noted yet, so no numbers can be chosen." in words(page)
    assert reverse("place_add", args=[person.pk]) in page.content.decode()


@pytest.mark.parametrize("name", ["client", "case"])
def test_the_panel_costs_the_same_with_one_place_and_with_five(
    browse, counsellor, case, person, home, town, name, now
):
    browser = browse(counsellor)
    address = reverse(name, args=[person.pk if name == "client" else case.pk])
    counts = []
    for turn in range(2):
        for place in person.places.all():
            save_profile(place=place, **everything(), by=counsellor, now=now)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        counts.append(len(queries))
        for number in range(4):
            values = {"label": f"place {turn}.{number}", "town": town, "street": "1"}
            add_place(person=person, values=values, by=counsellor, now=now)
    assert counts[0] == counts[1]
