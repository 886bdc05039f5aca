"""The calendar and Today: what is shown, to whom, and that it costs the same however much there is."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.organisation.models import OpeningHours
from clinic.staff.models import Credential
from sessions.booking.actions import cancel
from sessions.calendar.rows import Entry, in_lanes, sheet
from sessions.course.actions import end, start
from sessions.gate import gates_of
from sessions.models import CounsellingSession
from sessions.notes.actions import sign
from sessions.todays import slots
from tests.sessions.conftest import CALL, WORDS, overseen
from tests.sessions.gate_world import through_the_door
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
MINUTES = timedelta(minutes=50)


def rows(session, starts: list[datetime], **values) -> list[CounsellingSession]:
    """Sessions of the same case, as they lie in the database."""
    common = {"channel": "video", "call_link": CALL, "booked_by": session.counsellor}
    common |= {"case": session.case, "counsellor": session.counsellor, "room": session.room}
    return [
        CounsellingSession(
            during=(start, start + MINUTES), booked_at=session.booked_at, **common | values
        )
        for start in starts
    ]


def at_ten(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


# --- What is shown -------------------------------------------------------------------------------


def test_a_week_shows_its_sessions_with_day_time_and_state(session, counsellor, read):
    day = session.starts_at.date()
    page = words(read(counsellor).get(f"/calendar/?day={day}"))
    assert "10:00 江小滿" in page
    assert "江小滿 Must not start" in page
    monday = day - timedelta(days=day.weekday())
    assert f"{monday} – {monday + timedelta(days=6)}" in page


def test_a_day_shows_that_day_alone(session, counsellor, read):
    day = session.starts_at.date()
    browser = read(counsellor)
    assert "江小滿" in words(browser.get(f"/calendar/?view=day&day={day}"))
    before = words(browser.get(f"/calendar/?view=day&day={day - timedelta(days=1)}"))
    assert "江小滿" not in before
    assert "No sessions" in before


def test_a_cancelled_session_leaves_the_calendar(session, counsellor, read, now):
    cancel(session=session, side="client", reason="出差", by=counsellor, now=now)
    page = words(read(counsellor).get(f"/calendar/?day={session.starts_at.date()}"))
    assert "江小滿" not in page


def test_a_stranger_sees_an_empty_calendar_and_an_overseer_hers(
    session, stranger, supervisor, oversight, read
):
    address = f"/calendar/?day={session.starts_at.date()}"
    assert "江小滿" not in words(read(stranger).get(address))
    assert "江小滿" in words(read(supervisor).get(address))
    chosen = f"{address}&counsellor={stranger.pk}"
    assert "江小滿" not in words(read(supervisor).get(chosen))


@pytest.mark.parametrize(
    "query",
    [
        "day=nonsense",
        "view=x",
        "counsellor=abc",
        "counsellor=-1",
        "counsellor=0",
        "counsellor=99999999999999999999999",
        "counsellor=%00",
        "day=",
        "day=%00",
        "day=9999-12-31",
        "day=9999-12-31&view=day",
        "day=0001-01-01",
        "day=0001-01-01&view=day",
        "day=2026-02-30",
        "day=2199-12-31",
        "day=1950-01-01",
        "day=2026-11-21&day=x&view=day&view=week",
        "day=<script>",
    ],
)
def test_what_makes_no_sense_is_left_out(session, counsellor, read, query):
    page = read(counsellor).get(f"/calendar/?{query}")
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_the_steps_lead_a_week_or_a_day_on(session, counsellor, read):
    browser = read(counsellor)
    week = browser.get("/calendar/?day=2026-11-25").content.decode()
    assert "?view=week&amp;day=2026-11-16" in week
    assert "?view=week&amp;day=2026-11-30" in week
    day = browser.get("/calendar/?day=2026-11-25&view=day").content.decode()
    assert "?view=day&amp;day=2026-11-24" in day
    assert "?view=day&amp;day=2026-11-26" in day


def test_a_day_without_opening_hours_is_closed(session, counsellor, read):
    day = session.starts_at.date() + timedelta(days=7)
    OpeningHours.objects.filter(weekday=day.isoweekday()).delete()
    assert "closed" in words(read(counsellor).get(f"/calendar/?view=day&day={day}"))


def test_a_clinic_without_hours_still_has_a_calendar(session, counsellor, read):
    OpeningHours.objects.all().delete()
    page = read(counsellor).get(f"/calendar/?day={session.starts_at.date()}")
    assert "江小滿" in words(page)


@pytest.mark.parametrize("hour", [0, 6, 22])
def test_a_session_outside_the_hours_stands_in_its_row(session, counsellor, now, hour):
    """Hours may have been changed after it was booked."""
    day = session.starts_at.date() + timedelta(days=3)
    start = timezone.make_aware(datetime.combine(day, time(hour, 30)))
    CounsellingSession.objects.bulk_create(rows(session, [start]))
    shown = sheet(CounsellingSession.objects.all(), day, 1, now)
    (entry,) = shown.days[0].entries
    hours = dict(shown.hours)
    assert hours[entry.at - 3] == f"{hour:02}:00"  # rows of ten minutes


def test_the_day_of_a_session_is_the_clinics_day(session, counsellor, now):
    """00:30 in Taipei is the evening before in UTC."""
    day = session.starts_at.date() + timedelta(days=3)
    start = timezone.make_aware(datetime.combine(day, time(0, 30)))
    CounsellingSession.objects.bulk_create(rows(session, [start]))
    shown = sheet(CounsellingSession.objects.all(), day - timedelta(days=1), 2, now)
    assert [len(one.entries) for one in shown.days] == [0, 1]


# --- Today ---------------------------------------------------------------------------------------


def test_today_leads_to_the_one_next_thing(ready, counsellor, read):
    """In the morning of the day: the opening check is next."""
    with time_machine.travel(ready.during.lower - timedelta(minutes=20), tick=False):
        page = read(counsellor).get("/")
        assert "江小滿" in words(page)
        assert f'href="/sessions/{ready.pk}/door/"' in page.content.decode()


def step(row, reader, now) -> str:
    session = CounsellingSession.objects.with_people().get(pk=row.pk)
    (slot,) = slots(gates_of([session], now), reader)
    return slot.step


def test_the_one_next_step_follows_the_state(ready, counsellor, supervisor):
    at = ready.during.lower
    by, steps = {"by": counsellor}, [step(ready, counsellor, at)]
    through_the_door(ready, at - timedelta(minutes=5))
    steps.append(step(ready, counsellor, at))
    start(session=ready, now=at, **by)
    steps.append(step(ready, counsellor, at))
    assert step(ready, supervisor, at) == "look"  # it is not hers to go on with
    end(session=ready, now=at + MINUTES, **by)
    steps.append(step(ready, counsellor, at))
    assert step(ready, supervisor, at) == "look"
    sign(session=ready, values=WORDS, revision=0, now=at + MINUTES, **by)
    steps.append(step(ready, counsellor, at))
    assert steps == ["door", "start", "live", "note", "look"]


def test_a_session_whose_time_is_over_is_only_looked_at(open_door, counsellor):
    assert step(open_door, counsellor, open_door.during.upper) == "look"


def test_what_is_to_be_prepared_comes_before_the_door(session, counsellor, now):
    assert step(session, counsellor, now) == "fix"


def test_today_names_a_step_for_every_requirement(ready, counsellor, in_force, read, now):
    """Also for what somebody else has to set right."""
    Credential.objects.update(withdrawn_at=now)
    with time_machine.travel(ready.during.lower - timedelta(minutes=20), tick=False):
        page = read(counsellor).get("/").content.decode()
    assert f'href="/staff/{counsellor.pk}/">See to certificate and licence' in page


def test_today_is_quiet_without_a_session(case, counsellor, read):
    assert "No session today" in words(read(counsellor).get("/"))


def test_an_administrator_has_no_sessions_on_today(session, admin, read):
    with time_machine.travel(session.during.lower - timedelta(minutes=20), tick=False):
        page = words(read(admin).get("/"))
    assert ("Today's sessions" in page, "江小滿" in page) == (False, False)


# --- The same queries at 10 and at 500 -----------------------------------------------------------


def queries(browser, address: str) -> tuple[int, int]:
    """Return how many queries a page takes, and its status."""
    with CaptureQueriesContext(connection) as caught:
        answer = browser.get(address)
    return len(caught), answer.status_code


@pytest.mark.parametrize("spread", ["one day", "many weeks"])
def test_today_calendar_case_and_session_cost_the_same_for_10_and_500_sessions(
    ready, counsellor, read, spread
):
    """All on one day, and two a week back and on: by state as they come."""
    starts = [ready.during.lower + timedelta(seconds=n + 1) for n in range(499)]
    if spread == "many weeks":
        starts = [ready.during.lower + timedelta(days=3 * (n - 250)) for n in range(499)]
    made = rows(ready, starts)
    for number, row in enumerate(made):
        if number % 3 == 0:
            row.state, row.started_at, row.ended_at = "ended", row.during[0], row.during[1]
        if number % 3 == 1:
            row.channel, row.call_link = "telephone", ""
    day = ready.starts_at.date()
    with time_machine.travel(ready.during.lower - timedelta(minutes=30), tick=False):
        browser = read(counsellor)
        pages = (
            "/",
            f"/calendar/?day={day}",
            f"/calendar/?view=day&day={day}",
            f"/cases/{ready.case_id}/",
            f"/sessions/{ready.pk}/",
        )
        middle = len(made) // 2 - 5
        CounsellingSession.objects.bulk_create(made[middle : middle + 9])
        for page in pages:
            browser.get(page)  # what is learnt once a process is learnt now
        few = {page: queries(browser, page) for page in pages}
        CounsellingSession.objects.bulk_create([*made[:middle], *made[middle + 9 :]])
        many = {page: queries(browser, page) for page in pages}
    assert CounsellingSession.objects.count() == 500
    assert many == few
    assert {status for _count, status in many.values()} == {200}


@pytest.mark.parametrize("minute", [30, 55])
def test_a_session_past_midnight_ends_with_its_day(session, counsellor, now, minute):
    """Just before, it is drawn upwards: a row alone could not be tapped."""
    day = session.starts_at.date() + timedelta(days=3)
    start = timezone.make_aware(datetime.combine(day, time(23, minute)))
    CounsellingSession.objects.bulk_create(rows(session, [start]))
    shown = sheet(CounsellingSession.objects.all(), day, 1, now)
    (entry,) = shown.days[0].entries
    last_hour, _words = shown.hours[-1]
    assert (entry.rows, entry.at + entry.rows) == (3, last_hour + 6)


def entry(at: int, rows: int = 5) -> Entry:
    return Entry(None, at, rows)


@pytest.mark.parametrize(
    ("entries", "lanes"),
    [
        ([], []),
        ([entry(1), entry(6)], [1, 1]),
        ([entry(1), entry(5)], [1, 2]),
        ([entry(1, 18), entry(2), entry(7), entry(19)], [1, 2, 2, 1]),
        ([entry(1)] * 6, [1, 2, 3, 4, 4, 4]),
    ],
    ids=["none", "one after the other", "overlapping", "a long one", "too many"],
)
def test_what_overlaps_stands_side_by_side(entries, lanes):
    assert [placed.lane for placed in in_lanes(entries)] == lanes


def test_an_overseer_sees_sessions_of_one_time_beside_each_other(
    session, supervisor, oversight, stranger, second_case, read, now
):
    """Two psychologists at ten o'clock, both under her supervision."""
    overseen(stranger, supervisor, now)
    second_case.counsellor = stranger
    second_case.save(update_fields=["counsellor"])
    CounsellingSession.objects.bulk_create(
        rows(session, [session.during.lower], case=second_case, counsellor=stranger)
    )
    page = read(supervisor).get(f"/calendar/?day={session.starts_at.date()}").content.decode()
    assert ("lanes-2" in page, page.count("lane-2"), page.count("event-slot")) == (True, 1, 2)
