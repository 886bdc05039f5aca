"""The pages of booking: what is shown before saving, what a refusal keeps, what follows."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.clients.actions import close_case
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import Room
from sessions.booking.actions import cancel, move
from sessions.models import CounsellingSession, Occupancy, SessionPlace
from tests.sessions.conftest import CALL
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def mine(in_force, counsellor, read):
    """The psychologist's browser."""
    return read(counsellor)


@pytest.fixture
def form(room, session) -> dict[str, str]:
    """What books a session at the time of the one that is booked already."""
    return {
        "day": str(session.starts_at.date()),
        "time": "10:00",
        "minutes": "50",
        "channel": "video",
        "call_link": CALL,
        "room": str(room.pk),
        "place": "",
    }


def new(case) -> str:
    return f"/cases/{case.pk}/sessions/new/"


def count() -> tuple[int, int, int]:
    models = (CounsellingSession, Occupancy, Outbox)
    return tuple(model.objects.count() for model in models)


def values(page) -> dict[str, str]:
    """The text fields of a page as they stand."""
    return dict(re.findall(r'<input type="text" name="(\w+)"[^>]* value="([^"]*)"', page))


# --- Before saving -------------------------------------------------------------------------------


def test_a_conflict_is_shown_before_saving_and_nothing_is_saved(second_case, form, mine):
    before = count()
    page = mine.post(new(second_case), form | {"look": "1"})
    said = words(page)
    assert page.status_code == 200
    assert "This stands in the way" in said
    assert "psychologist: busy from 10:00 to 10:50" in said
    assert "room: busy from 10:00 to 10:50" in said
    assert "江小滿" not in said
    assert count() == before
    assert form["time"] in page.content.decode()
    assert CALL in page.content.decode()


def test_a_free_time_is_called_free_and_is_not_booked_yet(second_case, form, mine):
    before = count()
    said = words(mine.post(new(second_case), form | {"time": "14:00", "look": "1"}))
    assert "Free, and nothing stops it" in said
    assert count() == before


def test_what_stops_the_booking_is_shown_with_its_clause(second_case, form, in_force, mine):
    in_force.channels = ["video"]
    in_force.save()
    other = {"channel": "telephone", "call_link": "", "time": "14:00", "look": "1"}
    said = words(mine.post(new(second_case), form | other))
    assert "The approval does not name this way" in said
    assert "G0.2" in said


def test_a_closed_hour_is_shown_before_saving(second_case, form, mine):
    said = words(mine.post(new(second_case), form | {"time": "22:30", "look": "1"}))
    assert "the clinic is open from 08:00 to 22:00" in said


def test_looking_at_a_form_with_errors_says_the_errors(second_case, form, mine):
    said = words(mine.post(new(second_case), form | {"time": "noon", "look": "1"}))
    assert "Please write the time like 14:00." in said
    assert "This stands in the way" not in said


def test_moving_looks_past_the_session_itself(session, form, mine):
    said = words(mine.post(f"/sessions/{session.pk}/move/", form | {"time": "10:20", "look": "1"}))
    assert "Free, and nothing stops it" in said
    assert CounsellingSession.objects.get().during == session.during


# --- A refusal -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "This time is taken"),
        ({"time": "7:59"}, "the clinic is open from 08:00 to 22:00"),
        ({"time": "23:40"}, "The whole session has to lie within."),
        ({"time": "25:00"}, "Please write the time like 14:00."),
        ({"day": "2026-02-30"}, "There is no such day. Please check it."),
        ({"day": "9999-12-31"}, "years ahead. Please check the year."),
        ({"day": "0001-01-01"}, "This time is in the past."),
        ({"day": "115-01-05"}, "This time is in the past."),
        ({"day": "明天"}, "Please write the date like"),
        ({"minutes": "5"}, "greater than or equal to 10"),
        ({"minutes": "1000"}, "less than or equal to 180"),
        ({"minutes": "1" * 30}, "less than or equal to 180"),
        ({"call_link": ""}, "A video session needs the link to the call."),
        ({"call_link": "javascript:alert(1)"}, "This is not a web address."),
        ({"call_link": "http://video.example/"}, "The link has to begin with https://."),
        ({"call_link": "https://video.example/" + "a" * 600}, "at most 500 characters"),
        ({"room": "999999"}, "Select a valid choice."),
        ({"room": ""}, "This field is required."),
        ({"channel": "carrier pigeon"}, "Select a valid choice."),
        ({"place": "999999"}, "Select a valid choice."),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(second_case, form, mine, typed, said):
    before = count()
    sent = form | typed
    page = mine.post(new(second_case), sent)
    assert page.status_code == 200
    assert said in words(page)
    assert count() == before
    shown = values(page.content.decode())
    assert {name: sent[name] for name in ("day", "time", "minutes")} == {
        name: shown[name] for name in ("day", "time", "minutes")
    }


def test_html_in_a_field_is_text(second_case, form, mine):
    for name in ("day", "time", "minutes", "call_link"):
        page = mine.post(new(second_case), form | {name: "<script>alert(1)</script>"})
        assert "<script>alert(1)" not in page.content.decode()
        assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_roc_years_and_wide_digits_are_understood(second_case, form, mine, session):
    day = session.starts_at.date() + timedelta(days=1)
    typed = {"day": f"民國{day.year - 1911}年{day.month}月{day.day}日", "time": "1430"}
    assert mine.post(new(second_case), form | typed).status_code == 302
    booked = CounsellingSession.objects.get(case=second_case)
    assert booked.starts_at.strftime("%Y-%m-%d %H:%M") == f"{day} 14:30"


def test_an_empty_form_says_what_it_needs(case, mine):
    page = words(mine.post(new(case), {}))
    assert page.count("This field is required.") + page.count("Please give a date.") >= 5


def test_the_room_of_another_psychologist_is_busy_without_a_name(
    session, form, stranger, read, now, town
):
    """A stranger sees that the room is taken, and no more."""
    from clinic.clients.actions import open_case, register_client  # noqa: PLC0415  one test only

    values = {"name": "許秋分", "sex": "male", "birth_date": "1988-09-23", "phone": "0000-000-014"}
    case = open_case(
        person=register_client(values=values, by=stranger, now=now), by=stranger, now=now
    )
    page = read(stranger).post(new(case), form | {"channel": "in_person", "call_link": ""})
    assert "room: busy from 10:00 to 10:50" in words(page)
    assert ("江小滿" in words(page), "psychologist: busy" in words(page)) == (False, False)


def test_a_place_of_somebody_else_cannot_be_chosen(session, second_case, form, mine):
    (other,) = session.people
    sent = form | {"time": "14:00", "place": str(other.places.get().pk)}
    assert "Select a valid choice." in words(mine.post(new(second_case), sent))
    assert SessionPlace.objects.count() == 0


def test_a_closed_case_is_not_booked(case, form, mine, counsellor, now):
    close_case(case=case, reason="結案", by=counsellor, now=now)
    page = words(mine.post(new(case), form | {"time": "14:00"}))
    assert "This case is closed. Please reopen it first." in page


# --- Booked --------------------------------------------------------------------------------------


def test_a_booking_leads_to_its_session_and_can_be_taken_back(second_case, form, mine):
    answer = mine.post(new(second_case), form | {"time": "14:00"})
    session = CounsellingSession.objects.get(case=second_case)
    assert answer.url == f"/sessions/{session.pk}/"
    page = mine.get(answer.url)
    assert "Booked. The client is told in three minutes." in words(page)
    assert f'action="/sessions/{session.pk}/unbook/"' in page.content.decode()
    assert mine.post(f"/sessions/{session.pk}/unbook/").url == f"/cases/{second_case.pk}/"
    session.refresh_from_db()
    assert session.state == "cancelled"
    assert "Cancelled" in words(mine.get(answer.url))


def test_the_undo_comes_too_late_after_three_minutes(session, mine):
    with time_machine.travel(timezone.now() + timedelta(minutes=3, seconds=1)):
        page = mine.post(f"/sessions/{session.pk}/unbook/", follow=True)
    assert "The client has been told already. Please cancel the session instead." in words(page)
    assert CounsellingSession.objects.get().state == "booked"


def test_pressed_twice_the_undo_says_so(session, mine):
    mine.post(f"/sessions/{session.pk}/unbook/")
    page = mine.post(f"/sessions/{session.pk}/unbook/", follow=True)
    assert "This session is no longer waiting to begin (cancelled)." in words(page)


def test_the_next_form_begins_with_the_last_sessions_way(session, case, mine, room):
    page = mine.get(f"{new(case)}?day=2026-12-01&time=09:30").content.decode()
    assert values(page) | {"call_link": CALL} == {
        "day": "2026-12-01",
        "time": "09:30",
        "minutes": "50",
        "call_link": CALL,
    }
    assert f'<option value="{room.pk}" selected>' in page


@pytest.mark.parametrize("query", ["day=x&time=y", "day=%00", "time=<b>", "day=9999-99-99"])
def test_a_bad_address_gives_a_form(session, case, mine, query):
    assert mine.get(f"{new(case)}?{query}").status_code == 200


# --- Moved, cancelled, nobody came ---------------------------------------------------------------


def test_a_moved_session_shows_its_new_time_and_tells_the_client(session, form, mine, premises):
    other = Room.objects.create(premises=premises, name="秋室")
    sent = form | {"time": "15:00", "room": str(other.pk)}
    answer = mine.post(f"/sessions/{session.pk}/move/", sent)
    page = words(mine.get(answer.url))
    assert f"{session.starts_at.date()} 15:00–15:50" in page
    assert "秋室" in page
    assert "Changed. The client is told in three minutes." in page
    kinds = Outbox.objects.about(f"session:{session.pk}").values_list("kind", flat=True)
    assert sorted(kinds) == ["session_change", "session_confirmation"]


def test_another_room_alone_tells_nobody(session, form, mine, premises):
    other = Room.objects.create(premises=premises, name="秋室")
    page = words(
        mine.post(f"/sessions/{session.pk}/move/", form | {"room": str(other.pk)}, follow=True)
    )
    assert "The client is told" not in page
    kinds = Outbox.objects.about(f"session:{session.pk}").values_list("kind", flat=True)
    assert list(kinds) == ["session_confirmation"]


def test_the_form_of_an_older_page_does_not_undo_a_move(session, form, mine, counsellor, now, room):
    """Two tabs: the first moves it, the second was opened before."""
    old = re.search(
        r'name="version" value="(\d+)"', mine.get(f"/sessions/{session.pk}/move/").content.decode()
    )
    later = session.during.lower + timedelta(hours=3)
    move(
        session=session,
        room=room,
        channel="video",
        start=later,
        minutes=50,
        call_link=CALL,
        by=counsellor,
        now=now,
    )
    sent = form | {"time": "16:00", "version": (old and old[1]) or ""}
    page = words(mine.post(f"/sessions/{session.pk}/move/", sent))
    assert "This session was changed in the meantime." in page
    assert CounsellingSession.objects.get().during.lower == later


@pytest.mark.parametrize("page", ["move/", "cancel/", "door/"])
def test_a_session_that_began_is_not_changed_any_more(running, form, mine, page):
    sent = form | {"side": "client", "reason": "出差", "room": str(running.room_id), "version": "1"}
    if page == "door/":
        sent = {"room": "alone"}
    told = words(mine.post(f"/sessions/{running.pk}/{page}", sent))
    assert "This session is no longer waiting to begin (in progress)." in told
    assert CounsellingSession.objects.get().state == "started"


def test_a_cancelled_session_says_by_whom_and_why_and_offers_nothing(session, mine):
    sent = {"side": "client", "reason": "<b>出差</b>"}
    answer = mine.post(f"/sessions/{session.pk}/cancel/", sent)
    page = mine.get(answer.url)
    assert "By the client" in words(page)
    assert "&lt;b&gt;出差&lt;/b&gt;" in page.content.decode()
    for button in ("Start the session", "Move or change", "Go to the session"):
        assert button not in words(page)
    assert set(Occupancy.objects.values_list("released", flat=True)) == {True}


def test_cancelling_needs_side_and_reason(session, mine):
    page = words(mine.post(f"/sessions/{session.pk}/cancel/", {}))
    assert page.count("This field is required.") >= 2
    assert CounsellingSession.objects.get().state == "booked"


def test_a_cancelled_session_neither_starts_nor_opens_its_door(session, mine, counsellor, now):
    cancel(session=session, side="clinic", reason="停電", by=counsellor, now=now)
    told = mine.post(
        f"/sessions/{session.pk}/start/", {"version": session.version + 1}, follow=True
    )
    assert "This session is no longer waiting to begin (cancelled)." in words(told)
    door = mine.post(f"/sessions/{session.pk}/door/", {"room": "alone"})
    assert "This session is no longer waiting to begin (cancelled)." in words(door)


def test_nobody_came_is_noted_from_the_beginning_on(session, mine, counsellor, read):
    early = mine.post(f"/sessions/{session.pk}/not-attended/", follow=True)
    assert "This session has not begun yet." in words(early)
    with time_machine.travel(session.during.lower + timedelta(minutes=15)):
        browser = read(counsellor)
        assert "The client did not come" in words(browser.get(f"/sessions/{session.pk}/"))
        page = browser.post(f"/sessions/{session.pk}/not-attended/", follow=True)
    assert "Not attended" in words(page)
    assert CounsellingSession.objects.get().state == "not_attended"


# --- Who ------------------------------------------------------------------------------------------


def test_an_overseer_reads_and_changes_nothing(session, form, supervisor, oversight, read):
    browser = read(supervisor)
    assert "江小滿" in words(browser.get(f"/sessions/{session.pk}/"))
    refused = "Only the psychologist of the session does this."
    sent = form | {"time": "16:00", "version": "1", "side": "client", "reason": "出差"}
    for page in ("move/", "cancel/", "start/", "unbook/", "door/"):
        answer = browser.post(f"/sessions/{session.pk}/{page}", sent, follow=True)
        assert refused in words(answer), page
    answer = browser.post(new(session.case), form | {"time": "16:00"})
    assert "Only the psychologist of the case does this." in words(answer)
    session.refresh_from_db()
    assert (session.state, session.version) == ("booked", 1)
    page = words(browser.get(f"/sessions/{session.pk}/"))
    assert ("Move or change" in page, "Start the session" in page) == (False, False)


def test_opening_a_session_is_noted_as_a_read(session, mine):
    mine.get(f"/sessions/{session.pk}/")
    shown = words(mine.get(f"/sessions/{session.pk}/history/?show=all"))
    assert "guyu" in shown
    assert "booked a session" in shown
