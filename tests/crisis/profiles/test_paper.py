"""The client's sheet says of each number from which day its source or its confirmation is."""

from django.utils.timezone import localdate

from clinic.clients import actions as clients
from crisis.directory.actions import confirm_resource
from crisis.profiles.actions import Pick, save_profile
from crisis.profiles.drafts import plan_draft
from tests.crisis.profiles.conftest import everything
from tests.crisis.profiles.test_views import url, words


def test_the_sheet_says_of_each_number_from_when_it_is(
    browse, counsellor, admin, home, contact, directory, clinic, now
):
    picks = everything()["picks"] | {
        "hospital": Pick(resource=directory["hospital"]),
        "mental_health_centre": Pick(resource=directory["centre"]),
        "police": Pick(name="文山派出所", number="0000-000-091"),
    }
    save_profile(place=home, **everything(picks=picks), by=counsellor, now=now)
    for name in ("centre", "1925"):
        confirm_resource(resource=directory[name], how="rang", by=admin, now=now)
    values = {"letter_language": "en"}
    clients.change_client(person=home.person, values=values, by=counsellor, now=now)
    sheet = browse(counsellor).get(url(home, "crisis_paper")).context["sheet"]
    of_source, today = "source of 2026-01-01", f"confirmed {localdate(now).isoformat()}"
    said = {line.shown: line.dated for line in (*sheet.national, *sheet.lines)}
    assert said == {
        "119": of_source,
        "110": of_source,
        "1925": today,
        "0200000101": of_source,
        "0200000102": today,
        "0000-000-091": "",
    }


def test_the_days_of_numbers_are_printed(browse, counsellor, home, profile, directory, now):
    picks = {"hospital": Pick(resource=directory["hospital"])}
    save_profile(place=home, values={}, picks=picks, risks={}, by=counsellor, now=now)
    values = {"letter_language": "en"}
    clients.change_client(person=home.person, values=values, by=counsellor, now=now)
    said = words(browse(counsellor).get(url(home, "crisis_paper")))
    assert "文山醫院 Hospital source of 2026-01-01 0200000101" in said
    assert said.count("source of 2026-01-01") == 4


def test_in_english_the_clinics_number_can_be_dialled_from_anywhere(
    browse, counsellor, home, contact, directory, clinic, now
):
    clinic.phone, clinic.neutral_phone = "(02) 2610-1660", "(02) 2429-2525"
    clinic.save(update_fields=["phone", "neutral_phone"])
    in_english = {"letter_language": "en"}
    clients.change_client(person=home.person, values=in_english, by=counsellor, now=now)
    home.person.refresh_from_db()
    plan = {"out_of_hours_plan": f"{plan_draft(home)}\n(02) 2610-1660"}
    save_profile(place=home, **everything(values=plan), by=counsellor, now=now)
    own = browse(counsellor).get(url(home, "crisis_paper")).context["sheet"]
    assert (own.phone, "call +886-2-2610-1660 in office hours" in own.plan) == (
        "+886-2-2610-1660",
        True,
    )
    neutral = {"neutral_contact": True}
    clients.change_client(person=home.person, values=neutral, by=counsellor, now=now)
    sheet = browse(counsellor).get(url(home, "crisis_paper")).context["sheet"]
    assert (sheet.phone, "1660" in sheet.plan) == ("+886-2-2429-2525", False)
