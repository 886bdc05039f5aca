"""What a booking leads to: taken back, moved, cancelled, not attended; and who may."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.clients.place_actions import add_place
from clinic.errors import Refused
from clinic.kernel.dates import meeting
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import Room
from sessions.booking.actions import book, cancel, move
from sessions.booking.preview import preview_move
from sessions.models import CounsellingSession, Occupancy
from sessions.wording import booked_words, changed_words
from tests.sessions.conftest import CALL, ten_tomorrow
from tests.sessions.test_pages_booking import new, shown
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")


# --- Booked --------------------------------------------------------------------------------------


def test_a_booking_leads_to_its_session_and_can_be_taken_back(session, case, form, mine):
    answer = mine.post(new(case), form | {"time": "14:00"})
    session = case.sessions.exclude(pk=session.pk).get()
    assert answer.url == f"/sessions/{session.pk}/"
    page = mine.get(answer.url)
    assert booked_words(session, timezone.now()) in words(page)
    assert f'action="/sessions/{session.pk}/unbook/"' in page.content.decode()
    assert mine.post(f"/sessions/{session.pk}/unbook/").url == f"/cases/{case.pk}/"
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
    page = mine.get(f"{new(case)}?day=2026-12-01&time=09:30")
    assert shown(page) == {
        "day": "2026-12-01",
        "time": "09:30",
        "minutes": "50",
        "call_link": CALL,
    }
    assert f'<option value="{room.pk}" selected>' in page.content.decode()


@pytest.mark.parametrize("query", ["day=x&time=y", "day=%00", "time=<b>", "day=9999-99-99"])
def test_a_bad_address_gives_a_form(session, case, mine, query):
    assert mine.get(f"{new(case)}?{query}").status_code == 200


def test_a_client_without_mail_is_told_by_telephone(second_case, form, mine):
    """She has a telephone number and no address."""
    answer = mine.post(new(second_case), form | {"time": "14:00"}, follow=True)
    said = words(answer)
    assert "Booked. No mail address is on file: please tell the client by telephone." in said
    assert "The client is told in three minutes" not in said


# --- Moved, cancelled, nobody came ---------------------------------------------------------------


def test_a_moved_session_shows_its_new_time_and_tells_the_client(session, form, mine, premises):
    other = Room.objects.create(premises=premises, name="秋室")
    sent = form | {"time": "15:00", "room": str(other.pk)}
    answer = mine.post(f"/sessions/{session.pk}/move/", sent)
    page = words(mine.get(answer.url))
    assert f"{meeting(session.starts_at.replace(hour=15, minute=0), kept=True)}–15:50" in page
    assert "秋室" in page
    assert changed_words(session, CounsellingSession.objects.get(), timezone.now()) in page
    kinds = Outbox.objects.about(f"session:{session.pk}").values_list("kind", flat=True)
    assert sorted(kinds) == ["session_change", "session_confirmation"]


def test_the_history_says_from_what_to_what_a_session_was_moved(
    session, case, form, mine, premises
):
    """Time, room and way; of the link to the call only that it is another."""
    other = Room.objects.create(premises=premises, name="秋室")
    sent = {"time": "15:00", "minutes": "40", "room": str(other.pk), "channel": "telephone"}
    link = {"call_link": "https://video.clinic.example/room-qiu"}
    mine.post(f"/sessions/{session.pk}/move/", form | sent | link)
    day = session.starts_at.date()
    for page in (f"/sessions/{session.pk}/history/", f"/cases/{case.pk}/history/"):
        told = words(mine.get(page))
        assert f"Time: {day} 10:00–10:50 → {day} 15:00–15:40" in told
        assert f"Counselling room: {premises.name}・春室 → {premises.name}・秋室" in told
        assert "Way: video → telephone" in told
        assert "Link to the video call changed (the content is not shown here)" in told
        assert "video.clinic.example" not in told


def test_the_history_names_only_what_was_moved(session, form, mine):
    mine.post(f"/sessions/{session.pk}/move/", form | {"time": "15:00"})
    told = words(mine.get(f"/sessions/{session.pk}/history/"))
    assert told.count("→") == 1


def test_another_room_alone_tells_nobody(session, form, mine, premises):
    other = Room.objects.create(premises=premises, name="秋室")
    page = words(
        mine.post(f"/sessions/{session.pk}/move/", form | {"room": str(other.pk)}, follow=True)
    )
    assert ("Changed." in page, "The client is told" in page) == (True, False)
    kinds = Outbox.objects.about(f"session:{session.pk}").values_list("kind", flat=True)
    assert list(kinds) == ["session_confirmation"]


def test_the_way_changes_after_the_hour_has_struck_while_the_time_stays(
    session, form, counsellor, room
):
    """The video fails at the beginning: both go on by telephone (A6)."""
    start, end = session.during.lower, session.during.upper
    late = start + timedelta(minutes=3)
    values = {"room": room, "channel": "telephone", "minutes": 50, "call_link": ""}
    by = {"session": session, "by": counsellor}
    for other, at in (({"minutes": 40}, late), ({}, end), ({"start": late}, late)):
        with pytest.raises(Refused) as refused:
            move(**by, **{"start": start} | values | other, now=at)
        assert refused.value.code == "sessions.past"
    assert preview_move(session, values | {"start": start}, late).refused == ""
    moved = move(**by, **values, start=start, now=late)
    assert (moved.channel, moved.during) == ("telephone", session.during)
    assert changed_words(session, moved, late) == (
        "Changed. No mail would leave in time: please tell the client by telephone."
    )


def test_moving_is_looked_at_with_the_place_that_was_told_for_the_session(
    case, room, counsellor, now
):
    """Abroad is her usual place, and no law of it is known; for this session she is at home."""
    (person,) = case.people
    home, by = person.places.get(), {"by": counsellor, "now": now}
    abroad = {"label": "倫敦", "country": "GB", "region": "London", "street": "1", "usual": True}
    add_place(person=person, values=abroad, **by)
    values = {"room": room, "channel": "video", "minutes": 50, "call_link": CALL}
    start = ten_tomorrow(now)
    session = book(case=case, **values, start=start, place=home, **by)
    later = values | {"start": start + timedelta(hours=2)}
    assert preview_move(session, later, now).free is True
    assert move(session=session, **later, **by).during.lower == later["start"]


def test_the_form_of_an_older_page_does_not_undo_a_move(session, form, mine, counsellor, now, room):
    """Two tabs: the first moves it, the second was opened before."""
    assert 'name="version" value="1"' in mine.get(f"/sessions/{session.pk}/move/").content.decode()
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
    page = words(mine.post(f"/sessions/{session.pk}/move/", form | {"time": "16:00"}))
    assert "This session was changed in the meantime." in page
    assert CounsellingSession.objects.get().during.lower == later


@pytest.mark.parametrize("page", ["move/", "cancel/", "door/"])
def test_a_session_that_began_is_not_changed_any_more(running, form, mine, page):
    sent = form | {"side": "client", "reason": "出差", "room": str(running.room_id), "version": "1"}
    if page == "door/":
        sent = {"licence_shown": "shown"}
    told = words(mine.post(f"/sessions/{running.pk}/{page}", sent))
    assert "This session is no longer waiting to begin (in progress)." in told
    assert CounsellingSession.objects.get().state == "started"


def test_a_cancelled_session_says_by_whom_and_why_and_offers_nothing(session, mine):
    sent = {"side": "client", "reason": "<b>出差</b>", "version": session.version}
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
    door = mine.post(f"/sessions/{session.pk}/door/", {"licence_shown": "shown"})
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
    doors = {"licence_shown": "shown"}
    for page in ("move/", "cancel/", "start/", "unbook/", "door/"):
        told = doors if page == "door/" else sent
        answer = browser.post(f"/sessions/{session.pk}/{page}", told, follow=True)
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


def test_without_a_script_too_an_absence_is_noted_only_after_a_question(session, counsellor, read):
    with time_machine.travel(session.during.lower + timedelta(minutes=15)):
        page = read(counsellor).get(f"/sessions/{session.pk}/").content.decode()
    forms = re.findall(rf'<form [^>]*"/sessions/{session.pk}/not-attended/"[^>]*>', page)
    assert ["data-confirm" in form and "js-only" in form for form in forms] == [True, False]
    asked = page[page.index("<noscript>") : page.index("</noscript>")]
    assert (forms[1] in asked, asked.count("<details>")) == (True, 1)
    assert "This cannot be taken back." in asked
