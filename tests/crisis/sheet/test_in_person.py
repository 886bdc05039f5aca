"""In person help is sent to the clinic, wherever the client lives."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.clients import place_actions as places
from crisis.sheet.steps import WORDS
from sessions.models import CounsellingSession
from tests.crisis.profiles.conftest import listed
from tests.crisis.sheet.pages import LOGIN, page_queries, words

XINDIAN = {"town_id": "65000060", "county_id": "65000"}
AT_HOME = ["示範路 9 號", "Xindian", "新店醫院"]


@pytest.fixture
def far_home(home, counsellor, now):
    """She lives in another county than the clinic, with a hospital of its own."""
    moved = {"town_id": "65000060", "street": "示範路 9 號"}
    places.change_place(place=home, values=moved, by=counsellor, now=now)
    listed("新店醫院", "hospital", "0200000201", now, **XINDIAN)
    return home


@pytest.fixture
def held(session, clinic, directory, now):
    """``held(state="started")`` holds the session in person, now."""

    def at(channel="in_person", since=timedelta(minutes=5), **values):
        values = {"state": "started", "started_at": now - since} | values
        values["during"] = (now - since, now - since + timedelta(minutes=50))
        rows = CounsellingSession.objects.filter(pk=session.pk)
        rows.update(channel=channel, **values)
        return rows.get()

    return at


@pytest.fixture
def said(browse, counsellor, session):
    def read():
        return words(browse(counsellor).get(reverse("session_crisis", args=[session.pk])))

    return read


def test_the_place_and_the_numbers_are_those_of_the_clinic(said, far_home, held, premises):
    held()
    page = said()
    assert [text for text in AT_HOME if text in page] == []
    assert f"The client is at the clinic {premises.full_address}" in page
    assert f"In person, at the clinic: {premises.name}" in page
    assert "文山醫院" in page
    assert "Not confirmed for today" not in page
    assert f"The address is {premises.full_address} ({premises.name})." in page


def test_at_a_distance_they_stay_those_of_her_home(said, far_home, held):
    held(channel="video")
    assert [text for text in AT_HOME if text in said()] == AT_HOME


def test_no_line_speaks_of_a_line(said, far_home, held):
    held()
    page = said()
    broken = next(raw for raw in WORDS["situations"] if raw["id"] == "lost_connection_in_crisis")
    lines = ["Stay on the line", "Other county", "not with me", "Cut off", broken["title_en"]]
    assert [text for text in lines if text in page] == []
    assert "Stay with the client. Slow your voice." in page


def test_what_was_told_for_a_call_counts_no_more(said, far_home, held, today, premises):
    held()
    today(country="TW", town_id="65000060", street="示範路 9 號", how="booking")
    assert "The client is at the clinic" in said()


def test_who_went_elsewhere_meanwhile_is_where_she_said(said, home, held, today, now):
    held()
    listed("新店醫院", "hospital", "0200000201", now, **XINDIAN)
    today(country="TW", town_id="65000060", street="示範路 9 號", how="during")
    page = said()
    assert [text for text in AT_HOME if text in page] == AT_HOME
    assert "Stay on the line. Slow your voice." in page


def test_before_it_has_begun_she_is_asked_where_she_is(said, far_home, held, premises):
    held(state="booked", started_at=None)
    page = said()
    assert f"The client comes to the clinic {premises.full_address}" in page
    assert "The session has not begun: ask where the client is." in page


@pytest.mark.parametrize(
    ("values", "since"),
    [
        ({"state": "booked", "started_at": None}, timedelta(days=-1)),
        ({"state": "ended"}, timedelta(hours=3)),
        ({}, timedelta(days=1)),
    ],
)
def test_one_of_another_time_says_nothing_of_where_she_is(said, far_home, held, now, values, since):
    ended = {"ended_at": now} if values.get("state") == "ended" else {}
    held(since=since, **values, **ended)
    page = said()
    assert "Usual place of the client" in page
    assert [text for text in AT_HOME if text in page] == AT_HOME


def test_it_asks_as_few_questions_as_any(browse, counsellor, session, far_home, held):
    held()
    url = reverse("session_crisis", args=[session.pk])
    assert len(page_queries(browse(counsellor), url)) == LOGIN + 1


@pytest.fixture
def of_client(browse, counsellor, person):
    """Read the client's own page, which no session leads to."""

    def read():
        return words(browse(counsellor).get(reverse("client_crisis", args=[person.pk])))

    return read


def test_the_clients_own_page_knows_that_she_is_at_the_clinic(
    of_client, far_home, held, today, premises
):
    held()
    page = of_client()
    assert [text for text in AT_HOME if text in page] == []
    assert f"The client is at the clinic {premises.full_address}" in page
    assert "Not confirmed for today" not in page
    today(country="TW", town_id="65000060", street="示範路 9 號", how="during")
    assert "The client is here today 示範路 9 號" in of_client()


def test_and_that_she_comes_there(of_client, far_home, held, premises):
    held(state="booked", started_at=None)
    page = of_client()
    assert f"The client comes to the clinic {premises.full_address}" in page
    assert "The session has not begun: ask where the client is." in page


def test_what_she_told_for_an_earlier_call_is_not_where_she_is_now(
    of_client, case, counsellor, far_home, held, session, today, now
):
    held()
    earlier = now - timedelta(hours=3)
    before = CounsellingSession.objects.create(
        case=case,
        counsellor=counsellor,
        room=session.room,
        channel="video",
        during=(earlier, earlier + timedelta(minutes=50)),
        state="ended",
        started_at=earlier,
        ended_at=earlier + timedelta(minutes=50),
        booked_by=counsellor,
        booked_at=earlier,
    )
    today(session=before, country="TW", town_id="65000060", street="示範路 9 號", how="during")
    assert "The client is at the clinic" in of_client()
    held(state="ended", ended_at=now)
    assert "The client is here today 示範路 9 號" in of_client()


def test_a_call_that_runs_counts_before_a_visit_to_come(
    of_client, case, counsellor, far_home, held, session, now
):
    held(channel="video")
    later = now + timedelta(minutes=50)
    CounsellingSession.objects.create(
        case=case,
        counsellor=counsellor,
        room=session.room,
        channel="in_person",
        during=(later, later + timedelta(minutes=50)),
        booked_by=counsellor,
        booked_at=now,
    )
    assert [text for text in AT_HOME if text in of_client()] == AT_HOME


def test_the_clients_page_asks_as_few_questions_as_any(browse, counsellor, person, far_home, held):
    held()
    url = reverse("client_crisis", args=[person.pk])
    assert len(page_queries(browse(counsellor), url)) == LOGIN + 1
