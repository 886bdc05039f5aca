"""The crisis page: at once, the numbers of the place of today, nobody who must not be called."""

import re

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from clinic.accounts.middleware import SEEN
from clinic.clients import actions as clients
from clinic.clients import place_actions as places
from clinic.kernel.audit.history import entries_about
from clinic.kernel.audit.models import AuditEntry
from crisis.models import Choice
from crisis.profiles.actions import Pick, save_profile
from crisis.sheet.steps import WORDS
from sessions.places import Told, keep_place
from tests.crisis.profiles.conftest import everything, listed
from tests.crisis.sheet.pages import LOGIN, calls, page_queries, words
from tests.databases import taking_no_writes


@pytest.fixture
def url(session):
    return reverse("session_crisis", args=[session.pk])


def test_everything_is_there_at_once(browse, counsellor, url, profile, clinic):
    page = browse(counsellor).get(url)
    said = words(page)
    assert page.status_code == 200
    for text in (
        "示範路 1 號, Wenshan, Taipei City",
        "Not confirmed for today: ask.",
        "江立秋",
        "sister",
        "文山醫院",
        "文山派出所",
        "Twenty-Four Seasons Counselling Clinic (fictional)",
        "First, in every situation",
        "What to tell the emergency operator",
        "While somebody may be listening",
        "Let us stop here for today and find another time.",
        "The clinic must review these lines before use.",
    ):
        assert text in said
    assert calls(page) == [
        "0000000011",
        "0000000021",
        "119",
        "110",
        "1925",
        "0000000091",
        "0200000101",
    ]


def test_it_opens_while_the_database_takes_no_writes(browse, counsellor, url, profile):
    browser = browse(counsellor)
    login = browser.session
    login[SEEN] -= 61  # the next page moves the clock of the login
    login.save()
    with taking_no_writes():
        page = browser.get(url)
    assert (page.status_code, "0000000091" in calls(page)) == (200, True)


def test_no_placeholder_is_left_open(browse, counsellor, url):
    page = browse(counsellor).get(url)
    assert re.findall(r"\{\w+\}", page.content.decode()) == []


def test_every_situation_stands_there_with_its_steps(browse, counsellor, url):
    said = words(browse(counsellor).get(url))
    lines = [s["en"] for raw in WORDS["situations"] for s in raw["steps"] if "{" not in s["en"]]
    assert [line for line in lines if line not in said] == []
    assert len(WORDS["situations"]) == 5


def test_a_newer_place_in_another_county_swaps_the_numbers(
    browse, counsellor, url, profile, today, now
):
    county = "65000"
    listed("新店醫院", "hospital", "0200000201", now, county_id=county, town_id="65000060")
    browser = browse(counsellor)
    assert ("文山醫院" in words(browser.get(url)), "新店醫院" in words(browser.get(url))) == (
        True,
        False,
    )
    today(country="TW", town_id="65000060", street="示範路 9 號")
    page = browser.get(url)
    said = words(page)
    assert ("文山醫院" in said, "新店醫院" in said) == (False, True)
    assert "示範路 9 號, Xindian, New Taipei City" in said
    assert "No crisis profile for this place: the nearest from the directory." in said
    today(country="TW", town_id="63000080", street="示範路 1 號")
    assert "文山醫院" in words(browser.get(url))


def test_where_the_directory_has_national_lines_only_it_says_that_no_local_number_is_known(
    browse, counsellor, url, directory, today
):
    today(country="TW", town_id="65000060", street="示範路 9 號")
    page = browse(counsellor).get(url)
    said = words(page)
    assert "No local number is known. 119 and 110 pass you to the local centre." in said
    assert ("from the directory" in said, calls(page)) == (
        False,
        ["0000000011", "119", "110", "1925"],
    )


def test_a_profile_with_national_lines_alone_does_not_hide_the_hospital(
    browse, counsellor, url, home, directory, contact, now
):
    lines = {"fire": "119", "police": "110", "suicide_prevention": "1925"}
    picks = {kind: Pick(name=number, number=number) for kind, number in lines.items()}
    save_profile(place=home, **everything(picks=picks), by=counsellor, now=now)
    said = words(browse(counsellor).get(url))
    assert ("from the directory" in said, "文山醫院" in said) == (True, True)


def test_a_profile_of_the_other_place_serves_there(
    browse, counsellor, url, profile, office, today, now
):
    picks = {"hospital": Pick(name="新店急診", number="0000-000-092")}
    save_profile(place=office, **everything(picks=picks), by=counsellor, now=now)
    today(country="TW", town_id="65000060", street="示範路 2 號", place=office)
    said = words(browse(counsellor).get(url))
    assert ("新店急診" in said, "文山醫院" in said) == (True, False)


def test_a_number_corrected_since_the_booking_is_not_called_any_more(
    browse, counsellor, url, profile, today
):
    """The old one may be in the hand of whom she fears."""
    today(country="TW", town_id="63000080", street="1", call_back="0000-000-099", how="booking")
    page = browse(counsellor).get(url)
    assert (calls(page)[0], "0000-000-099" in words(page)) == ("0000000011", False)


def test_a_street_corrected_since_the_booking_is_where_help_is_sent(
    browse, counsellor, url, profile, home, session, now
):
    keep_place(session, home.person, Told.again(home), "booking", counsellor, now)
    places.change_place(place=home, values={"street": "示範路 9 號"}, by=counsellor, now=now)
    said = words(browse(counsellor).get(url))
    assert ("示範路 9 號, Wenshan" in said, "示範路 1 號" in said) == (True, False)


def test_a_place_left_since_the_booking_is_not_where_she_is(
    browse, counsellor, url, profile, home, session, now
):
    keep_place(session, home.person, Told.again(home), "booking", counsellor, now)
    moved = {"town_id": "65000060", "street": "示範路 9 號"}
    places.change_place(place=home, values=moved, by=counsellor, now=now)
    said = words(browse(counsellor).get(url))
    assert ("示範路 9 號, Xindian" in said, "示範路 1 號" in said) == (True, False)
    assert "Not confirmed for today: ask." in said


def test_abroad_the_short_numbers_of_the_country_stand_there_and_are_not_dialled_from_here(
    browse, counsellor, url, person, home, contact, today, now
):
    """From Taiwan 110 calls Taiwan's police, not Tokyo's."""
    values = {"label": "flat", "country": "JP", "region": "Tokyo", "street": "1-1 Sample"}
    flat = places.add_place(person=person, values=values, by=counsellor, now=now)
    picks = {kind: Pick(name=f"Sample {kind}", number=n) for kind, n in (("police", "110"),)}
    picks |= {"hospital": Pick(name="Sample hospital", number="+81 00 0000 0001")}
    save_profile(place=flat, **everything(picks=picks), by=counsellor, now=now)
    today(country="JP", region="Tokyo", street="1-1 Sample", place=flat)
    page = browse(counsellor).get(url)
    said = words(page)
    assert "Sample police" in said
    assert "reaches help only from within that country" in said
    assert ("110" in calls(page), "+810000000001" in calls(page)) == (False, True)


def test_abroad_without_a_profile_says_that_taiwans_numbers_do_not_reach(
    browse, counsellor, url, profile, today
):
    today(country="GB", region="London", street="1 Sample Road")
    said = words(browse(counsellor).get(url))
    assert "1 Sample Road, London, United Kingdom" in said
    assert "119, 110 and 1925 do not reach this place." in said
    assert "文山醫院" not in said


def test_abroad_the_numbers_of_the_place_are_at_the_thumb(
    browse, counsellor, url, person, today, now
):
    values = {"label": "flat", "country": "GB", "region": "London", "street": "1 Sample Road"}
    flat = places.add_place(person=person, values=values, by=counsellor, now=now)
    picks = {
        "hospital": Pick(name="Sample Hospital", number="+44 7700 900181"),
        "fire": Pick(name="Sample Ambulance", number="+44 7700 900183"),
    }
    save_profile(place=flat, **everything(picks=picks), by=counsellor, now=now)
    today(country="GB", region="London", street="1 Sample Road")
    page = browse(counsellor).get(url)
    assert calls(page) == ["0000000011", *["+447700900183", "+447700900181"] * 2]
    assert 'href="tel:119"' not in page.content.decode()


def test_without_any_place_the_national_numbers_remain(browse, counsellor, url):
    page = browse(counsellor).get(url)
    assert "Address not known: ask now." in words(page)
    assert calls(page) == ["0000000011", "119", "110", "1925"]


def test_who_must_not_be_contacted_never_appears(browse, counsellor, url, profile, told):
    told(name="江大暑", phones="0000-000-066", do_not_contact=True)
    page = browse(counsellor).get(url).content.decode()
    assert ("江立秋" in page, "江大暑" in page, "0000-000-066" in page) == (True, False, False)


def test_an_ended_contact_does_not_appear(browse, counsellor, url, contact, now):
    clients.end_contact(contact=contact, by=counsellor, now=now)
    assert "江立秋" not in browse(counsellor).get(url).content.decode()


def test_the_code_word_is_at_hand(browse, counsellor, url, person, now):
    clients.change_client(person=person, values={"code_word": "bamboo"}, by=counsellor, now=now)
    assert "Code word bamboo" in words(browse(counsellor).get(url))


@pytest.mark.parametrize("reader", ["stranger", "admin", "intern"])
def test_a_stranger_finds_nothing(browse, request, url, profile, reader, person):
    page = browse(request.getfixturevalue(reader)).get(url)
    body = page.content.decode()
    found = [text for text in (person.name, "江立秋", "示範路", "0000-000-0") if text in body]
    assert (page.status_code, found) == (404, [])


def test_the_title_names_the_case_and_nobody(browse, counsellor, url, session):
    title = re.search(r"<title>(.*?)</title>", browse(counsellor).get(url).text)[1]
    assert title == f"Crisis mode · {session.case.code}"


def test_one_request_asks_one_question_where_a_profile_serves(browse, counsellor, url, profile):
    assert len(page_queries(browse(counsellor), url)) == LOGIN + 1


def test_one_request_asks_one_question_where_none_does(browse, counsellor, url, profile, today):
    today(country="TW", town_id="65000060", street="示範路 9 號")
    assert len(page_queries(browse(counsellor), url)) == LOGIN + 1


def test_more_of_everything_asks_no_more(
    browse, counsellor, url, profile, office, told, today, now
):
    save_profile(place=office, **everything(), by=counsellor, now=now)
    for number in range(5):
        told(name=f"contact {number}")
        today(country="TW", town_id="63000080", street=f"{number}")
    assert len(page_queries(browse(counsellor), url)) == LOGIN + 1


def test_opening_is_noted_after_the_page(browse, counsellor, url, session, profile):
    browse(counsellor).get(url)
    entry = entries_about(session).get()
    assert (entry.verb, entry.actor) == ("record.open", counsellor.actor_label)


def test_the_page_opens_when_the_note_is_refused(browse, counsellor, url, profile, monkeypatch):
    browser = browse(counsellor)
    before = AuditEntry.objects.count()

    def refuse(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")) or "FOR UPDATE" in sql:
            raise DatabaseError("the database is read-only")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        page = browser.get(url)
    assert (page.status_code, "江立秋" in page.content.decode()) == (200, True)
    assert AuditEntry.objects.count() == before


def test_it_opens_with_the_broker_down(browse, counsellor, url, profile, settings):
    settings.CELERY_BROKER_URL = settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = browse(counsellor).get(url)
    assert (page.status_code, "文山醫院" in page.content.decode()) == (200, True)


def test_none_known_is_said(browse, counsellor, url, profile):
    said = words(browse(counsellor).get(url))
    assert "None known: fire brigade and ambulance, " in said
    assert Choice.objects.exclude(none_on=None).count() == 5


def test_it_opens_by_reading_alone(browse, counsellor, url, profile):
    browser = browse(counsellor)
    assert browser.post(url).status_code == 405
