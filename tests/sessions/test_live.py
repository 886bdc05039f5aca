"""The session in progress: its events, its end, and a login that does not end in the middle."""

import re
from datetime import timedelta

import pytest
import time_machine

from clinic.errors import Refused
from clinic.organisation.models import Town
from sessions.course.actions import add_event, end, take_back, tell_place
from sessions.course.live import log
from sessions.models import CounsellingSession, SessionEvent
from sessions.places import Told, places_of
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
MINUTE = timedelta(minutes=1)
HALF_HOUR = 30 * MINUTE


def fresh(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def refused(function, **values) -> str:
    with pytest.raises(Refused) as caught:
        function(**values)
    return caught.value.code


@pytest.fixture
def clock(open_door):
    """It is the time of the session."""
    with time_machine.travel(open_door.during.lower, tick=False) as clock:
        yield clock


@pytest.fixture
def live(open_door, counsellor, clock, read):
    """The browser in which the session was begun."""
    browser = read(counsellor)
    answer = browser.post(f"/sessions/{open_door.pk}/start/", {"version": 1})
    assert answer.url == f"/sessions/{open_door.pk}/live/"
    return browser


def address(session, end: str) -> str:
    return f"/sessions/{session.pk}/{end}"


# --- Beginning, by the button --------------------------------------------------------------------


def test_the_start_button_of_an_older_page_starts_nothing(open_door, counsellor, clock, read):
    for version in ("0", "", "x", "99"):
        answer = read(counsellor).post(address(open_door, "start/"), {"version": version})
        assert answer.url == address(open_door, "")
    assert fresh(open_door).state == "booked"


def test_a_start_that_was_refused_leads_back_to_what_is_missing(ready, counsellor, read):
    with time_machine.travel(ready.during.lower):
        browser = read(counsellor)
        page = words(browser.post(address(ready, "start/"), {"version": 1}, follow=True))
    assert "Not started. What is missing stands below." in page
    assert "Start refused on" in page


def test_a_live_page_without_a_session_in_progress_leads_to_its_page(session, counsellor, read):
    assert read(counsellor).get(address(session, "live/")).url == address(session, "")


# --- Events --------------------------------------------------------------------------------------


def test_one_tap_records_an_event_with_its_time(live, open_door, clock, counsellor):
    clock.shift(12 * MINUTE)
    answer = live.post(address(open_door, "events/"), {"kind": "disconnected"})
    assert answer.url == address(open_door, "live/#tap-disconnected")
    event = SessionEvent.objects.get()
    assert (event.kind, event.at, event.by) == (
        "disconnected",
        open_door.during.lower + 12 * MINUTE,
        counsellor,
    )
    assert re.search(r"10:12:00 Line broken", words(live.get(address(open_door, "live/"))))


def test_a_tap_can_be_taken_back_and_both_stay_on_file(live, open_door, counsellor, clock):
    live.post(address(open_door, "events/"), {"kind": "bystander"})
    event = SessionEvent.objects.get()
    live.post(address(open_door, f"events/{event.pk}/back/"))
    assert (log(fresh(open_door)), SessionEvent.objects.count()) == ([], 2)
    assert "10:00:00 Somebody came in" not in words(live.get(address(open_door, "live/")))
    again = live.post(address(open_door, f"events/{event.pk}/back/"), follow=True)
    assert "This was taken back already." in words(again)
    assert SessionEvent.objects.count() == 2


def test_each_tap_and_what_takes_it_back_is_said(live, open_door):
    tapped = live.post(address(open_door, "events/"), {"kind": "bystander"}, follow=True)
    event = SessionEvent.objects.get()
    undone = live.post(address(open_door, f"events/{event.pk}/back/"), follow=True)
    said = [[str(m) for m in page.context["messages"]] for page in (tapped, undone)]
    assert said == [["Recorded: somebody came in."], ["Taken back: somebody came in."]]


def test_a_row_that_takes_back_is_not_taken_back(running, counsellor, now):
    by = {"by": counsellor, "now": now}
    undone = take_back(event=add_event(session=running, kind="paused", **by), **by)
    assert refused(take_back, event=undone, **by) == "sessions.taken_back"


def test_an_event_of_another_session_is_not_there(live, open_door, ended_before):
    event = SessionEvent.objects.create(
        session=ended_before, kind="paused", by=ended_before.counsellor, at=ended_before.ended_at
    )
    assert live.post(address(open_door, f"events/{event.pk}/back/")).status_code == 404


@pytest.fixture
def ended_before(open_door, now) -> CounsellingSession:
    """Another session of the same case, over long ago."""
    return CounsellingSession.objects.create(
        case=open_door.case,
        counsellor=open_door.counsellor,
        room=open_door.room,
        channel="video",
        during=(now - timedelta(days=7), now - timedelta(days=7) + 50 * MINUTE),
        state="ended",
        started_at=now - timedelta(days=7),
        ended_at=now - timedelta(days=7) + 50 * MINUTE,
        booked_by=open_door.counsellor,
        booked_at=now,
    )


@pytest.mark.parametrize("kind", ["", "explosion", "<b>"])
def test_an_unknown_event_records_nothing(live, open_door, kind):
    answer = live.post(address(open_door, "events/"), {"kind": kind})
    assert (answer.url, SessionEvent.objects.count()) == (address(open_door, "live/"), 0)


def test_after_the_end_no_event_is_recorded_or_taken_back(running, counsellor, now, read):
    by = {"by": counsellor, "now": now}
    event = add_event(session=running, kind="paused", **by)
    end(session=running, **by)
    assert refused(add_event, session=running, kind="paused", **by) == "sessions.not_running"
    assert refused(take_back, event=event, **by) == "sessions.not_running"
    page = read(counsellor).post(address(running, "events/"), {"kind": "paused"}, follow=True)
    assert "This session is not in progress." in words(page)
    assert SessionEvent.objects.count() == 1


def test_the_telephone_offers_no_telephone(live, open_door):
    assert "Went on by telephone" in words(live.get(address(open_door, "live/")))
    CounsellingSession.objects.filter(pk=open_door.pk).update(channel="telephone")
    assert "Went on by telephone" not in words(live.get(address(open_door, "live/")))


# --- The place -----------------------------------------------------------------------------------


def test_a_new_place_during_the_session_is_the_place_of_the_day(live, open_door, counsellor):
    (person,) = open_door.people
    told = {f"place_{person.pk}": "taiwan", f"street_{person.pk}": "示範路 99 號"}
    told |= {f"county_{person.pk}": "65000", f"town_{person.pk}": "65000060"}
    assert live.post(address(open_door, "place/"), told).url == address(open_door, "live/")
    row = fresh(open_door)
    where = places_of([row])[row.pk][person.pk]
    assert (where.how, where.town.name_zh, where.street) == ("during", "新店區", "示範路 99 號")
    assert "示範路 99 號" in words(live.get(address(open_door, "live/")))


def test_no_place_told_is_not_called_recorded(live, open_door):
    page = words(live.post(address(open_door, "place/"), {}))
    assert "Please say where the client is now." in page
    assert "Recorded" not in page


def test_a_place_is_told_while_the_session_runs(session, counsellor, now):
    (person,) = session.people
    told = {person.pk: Told("TW", "", Town.objects.get(name_zh="新店區"), "示範路 99 號")}
    values = {"session": session, "elsewhere": told, "by": counsellor, "now": now}
    assert refused(tell_place, **values) == "sessions.not_running"


# --- The end -------------------------------------------------------------------------------------


def test_the_end_leads_to_the_note_and_keeps_the_time(live, open_door, clock):
    clock.shift(48 * MINUTE)
    assert live.post(address(open_door, "end/")).url == address(open_door, "note/")
    row = fresh(open_door)
    at = open_door.during.lower + 48 * MINUTE
    assert (row.state, row.ended_at) == ("ended", at)
    assert [a.present_until for a in row.attendances.all()] == [at]


def test_ended_twice_the_first_end_stays(live, open_door, clock):
    live.post(address(open_door, "end/"))
    clock.shift(20 * MINUTE)
    assert live.post(address(open_door, "end/")).url == address(open_door, "note/")
    assert fresh(open_door).ended_at == open_door.during.lower


def test_a_session_that_has_not_begun_does_not_end(open_door, counsellor, read):
    page = read(counsellor).post(address(open_door, "end/"), follow=True)
    assert "This session is not in progress." in words(page)
    assert fresh(open_door).state == "booked"


def test_only_who_holds_the_session_is_offered_to_assess_again(
    live, open_door, supervisor, oversight, read
):
    pages = [words(b.get(address(open_door, "live/"))) for b in (live, read(supervisor))]
    assert [page.count("Assess suitability again") for page in pages] == [1, 0]


def test_the_overseer_neither_records_nor_ends(live, open_door, supervisor, oversight, read):
    browser = read(supervisor)
    for button in ("events/", "end/"):
        page = words(browser.post(address(open_door, button), {"kind": "paused"}, follow=True))
        assert "Only the psychologist of the session does this." in page
    assert (fresh(open_door).state, SessionEvent.objects.count()) == ("started", 0)
    assert "End the session" not in words(browser.get(address(open_door, "live/")))


# --- A login that is held ------------------------------------------------------------------------


def signed_in(browser) -> bool:
    return browser.get("/account/").status_code == 200


def test_silence_does_not_end_the_login_while_the_session_runs(live, clock):
    clock.shift(79 * MINUTE)  # 50 minutes as planned, and half an hour
    assert signed_in(live) is True


def test_half_an_hour_after_the_planned_end_silence_ends_the_login(live, clock):
    clock.shift(81 * MINUTE)
    assert signed_in(live) is False


def test_the_twelfth_hour_does_not_end_the_login_while_the_session_runs(
    open_door, counsellor, read
):
    """Signed in eleven and a half hours before the session begins, and busy since."""
    early = open_door.during.lower - timedelta(hours=11, minutes=30)
    with time_machine.travel(early, tick=False) as clock:
        browser = read(counsellor)
        for _n in range(27):  # a quarter of an hour is left
            clock.shift(25 * MINUTE)
            assert signed_in(browser) is True
        browser.post(address(open_door, "start/"), {"version": 1})
        for _n in range(3):
            clock.shift(20 * MINUTE)
            assert signed_in(browser) is True
        clock.move_to(open_door.during.upper + HALF_HOUR + MINUTE)
        assert signed_in(browser) is False


def test_right_after_the_end_the_time_outs_count_again(live, open_door, clock):
    clock.shift(45 * MINUTE)
    live.post(address(open_door, "end/"))
    clock.shift(29 * MINUTE)
    assert signed_in(live) is True
    clock.shift(31 * MINUTE)
    assert signed_in(live) is False


def test_another_browser_of_hers_is_not_held(live, open_door, counsellor, clock, read):
    other = read(counsellor)
    clock.shift(31 * MINUTE)
    assert (signed_in(other), signed_in(live)) == (False, True)


def test_a_refused_start_holds_no_login(ready, counsellor, read):
    with time_machine.travel(ready.during.lower, tick=False) as clock:
        browser = read(counsellor)
        browser.post(address(ready, "start/"), {"version": 1})
        clock.shift(31 * MINUTE)
        assert signed_in(browser) is False


def test_signing_out_ends_a_held_login(live):
    live.post("/sign-out/")
    assert signed_in(live) is False
