"""Booking: what is refused and in which words; moving, cancelling, taking back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import override

from clinic.cases.models import Case
from clinic.errors import NotAllowed, Refused
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import OpeningHours, Room
from clinic.staff.models import Approval
from sessions.booking.actions import book, cancel, move, not_attended, unbook
from sessions.models import CounsellingSession, Occupancy
from tests.sessions.conftest import CALL, ten_tomorrow

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def values(case, room, now):
    """What books a session tomorrow at ten."""
    return {
        "case": case,
        "room": room,
        "channel": "video",
        "start": ten_tomorrow(now),
        "minutes": 50,
        "call_link": CALL,
    }


def refusal(function, **values) -> Refused:
    with pytest.raises(Refused) as caught:
        function(**values)
    return caught.value


def code(function, **values) -> str:
    return refusal(function, **values).code


def test_a_session_keeps_psychologist_room_and_client_busy(session, counsellor, room, case):
    rows = Occupancy.objects.filter(session=session, released=False)
    assert {(row.kind, row.resource) for row in rows} == {
        ("staff", counsellor.pk),
        ("room", room.pk),
        ("person", case.people[0].pk),
    }
    assert {row.during for row in rows} == {session.during}


@pytest.mark.parametrize("minutes", [-49, 0, 49])
def test_an_overlap_of_one_minute_is_refused_in_words(
    session, values, second_case, counsellor, now, minutes
):
    values |= {"case": second_case, "start": session.during.lower + minutes * MINUTE}
    found = refusal(book, **values, by=counsellor, now=now)
    assert (found.code, found.field) == ("sessions.busy", "time")
    assert "psychologist: busy from 10:00 to 10:50" in str(found)
    assert "江小滿" not in str(found)


@pytest.mark.parametrize("minutes", [-50, 50])
def test_sessions_may_touch(session, values, second_case, counsellor, now, minutes):
    values |= {"case": second_case, "start": session.during.lower + minutes * MINUTE}
    assert book(**values, by=counsellor, now=now).state == "booked"


def test_the_database_refuses_an_overlap_that_nobody_looked_for(session, counsellor):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        other = CounsellingSession.objects.create(
            case=session.case,
            counsellor=counsellor,
            room=session.room,
            channel="telephone",
            during=session.during,
            booked_by=counsellor,
            booked_at=session.booked_at,
        )
        Occupancy.objects.create(
            session=other, during=other.during, kind="staff", resource=counsellor.pk
        )
    assert "staff_in_one_session_at_a_time" in str(caught.value)


def test_an_occupancy_cannot_have_another_time_than_its_session(session):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Occupancy.objects.filter(session=session).update(
            during=DateTimeTZRange(session.during.lower, session.during.upper + MINUTE)
        )
    assert "occupied_while_in_session" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "expected", "field"),
    [
        ({"start": -MINUTE}, "sessions.past", "time"),
        ({"start": timedelta(0)}, "sessions.past", "time"),
        ({"start": timedelta(days=400)}, "sessions.far", "day"),
        ({"minutes": 9}, "sessions.length", "minutes"),
        ({"minutes": 181}, "sessions.length", "minutes"),
        ({"call_link": ""}, "sessions.no_link", "call_link"),
    ],
)
def test_a_time_that_cannot_be_is_refused(values, counsellor, now, change, expected, field):
    if "start" in change:
        change = {"start": now + change["start"]}
    found = refusal(book, **values | change, by=counsellor, now=now)
    assert (found.code, found.field) == (expected, field)


@pytest.mark.parametrize(
    ("hour", "minute", "minutes"),
    [(7, 59, 50), (21, 11, 50), (23, 30, 60), (0, 0, 50)],
    ids=["one minute early", "one minute late", "across midnight", "at midnight"],
)
def test_a_closed_hour_is_refused(values, counsellor, now, hour, minute, minutes):
    start = values["start"].replace(hour=hour, minute=minute)
    found = refusal(book, **values | {"start": start, "minutes": minutes}, by=counsellor, now=now)
    assert (found.code, str(found)) == (
        "sessions.closed",
        "On that day the clinic is open from 08:00 to 22:00. The whole session has to lie within.",
    )


def test_a_closed_day_is_refused(values, counsellor, now):
    OpeningHours.objects.filter(weekday=values["start"].isoweekday()).delete()
    assert code(book, **values, by=counsellor, now=now) == "sessions.closed_day"


def test_a_closed_case_or_room_is_refused(values, case, room, counsellor, now):
    Room.objects.filter(pk=room.pk).update(active=False)
    room.refresh_from_db()
    assert code(book, **values | {"room": room}, by=counsellor, now=now) == "sessions.room_closed"
    case.closed_at = now
    assert code(book, **values, by=counsellor, now=now) == "sessions.case_closed"


def test_only_the_psychologist_of_the_case_books(values, stranger, now):
    with pytest.raises(NotAllowed):
        book(**values, by=stranger, now=now)


def test_what_stops_a_booking_is_said_with_its_clause_and_remedy(values, counsellor, now):
    Approval.objects.update(channels=["video"])
    found = refusal(
        book, **values | {"channel": "telephone", "call_link": ""}, by=counsellor, now=now
    )
    assert found.code == "sessions.not_ready"
    assert "the approval does not name this way (G0.2)" in str(found)
    assert "Choose another way, or have the approval widened." in str(found)
    assert CounsellingSession.objects.count() == 0


def test_in_person_asks_nothing_of_telecounselling(values, counsellor, now):
    Approval.objects.all().update(channels=["video"])
    in_person = values | {"channel": "in_person", "call_link": ""}
    assert book(**in_person, by=counsellor, now=now).is_tele is False


def test_a_booking_is_confirmed_by_mail_after_three_minutes(session, now):
    (row,) = Outbox.objects.about(f"session:{session.pk}")
    assert (row.kind, row.version, row.not_before) == (
        "session_confirmation",
        1,
        now + timedelta(minutes=3),
    )


def test_a_moved_session_takes_its_occupancy_along(session, counsellor, now, premises):
    other = Room.objects.create(premises=premises, name="秋室")
    start = session.during.lower + timedelta(hours=2)
    moved = move(
        session=session,
        room=other,
        channel="video",
        start=start,
        minutes=30,
        call_link=CALL,
        version=1,
        by=counsellor,
        now=now,
    )
    rows = Occupancy.objects.filter(session=session)
    expected = DateTimeTZRange(start, start + timedelta(minutes=30))
    assert (moved.version, {row.during for row in rows}) == (2, {expected})
    assert rows.get(kind="room").resource == other.pk
    assert set(rows.values_list("released", flat=True)) == {False}


def test_moving_by_some_minutes_does_not_collide_with_itself(session, counsellor, room, now):
    start = session.during.lower + timedelta(minutes=20)
    moved = move(
        session=session,
        room=room,
        channel="video",
        start=start,
        minutes=50,
        call_link=CALL,
        by=counsellor,
        now=now,
    )
    assert moved.during.lower == start


def test_a_room_that_is_taken_at_the_old_time_does_not_hinder_a_move(
    session, second_case, values, counsellor, stranger, premises, now
):
    """The other room is busy at the old time, and free at the new one."""
    other = Room.objects.create(premises=premises, name="秋室")
    Occupancy.objects.create(
        session=_foreign(session, stranger, other),
        during=session.during,
        kind="room",
        resource=other.pk,
    )
    start = session.during.lower + timedelta(hours=3)
    moved = move(
        session=session,
        room=other,
        channel="video",
        start=start,
        minutes=50,
        call_link=CALL,
        by=counsellor,
        now=now,
    )
    assert (moved.room, moved.during.lower) == (other, start)


def _foreign(session, stranger, room) -> CounsellingSession:
    """A session of somebody else at the same time."""
    return CounsellingSession.objects.create(
        case=Case.objects.create(
            modality="individual", counsellor=stranger, opened_at=session.booked_at
        ),
        counsellor=stranger,
        room=room,
        channel="in_person",
        during=session.during,
        booked_by=stranger,
        booked_at=session.booked_at,
    )


def test_a_move_that_looked_at_an_older_version_is_refused(session, room, counsellor, now):
    args = {"session": session, "room": room, "channel": "video", "minutes": 50}
    args |= {"call_link": CALL, "by": counsellor, "now": now}
    move(**args, start=session.during.lower + timedelta(hours=1), version=1)
    found = code(move, **args, start=session.during.lower + timedelta(hours=2), version=1)
    assert found == "sessions.changed"


def test_a_cancelled_session_frees_its_time(session, values, counsellor, now):
    cancel(session=session, side="client", reason="出差", by=counsellor, now=now)
    assert set(session.occupancies.values_list("released", flat=True)) == {True}
    again = book(**values, by=counsellor, now=now)
    assert again.during == session.during
    assert (
        code(cancel, session=session, side="client", reason="again", by=counsellor, now=now)
        == "sessions.not_booked"
    )


def test_a_booking_can_be_taken_back_until_somebody_was_told(session, counsellor, now):
    late = now + timedelta(minutes=3, seconds=1)
    assert code(unbook, session=session, by=counsellor, now=late) == "sessions.told"
    taken = unbook(session=session, by=counsellor, now=now + timedelta(minutes=1))
    assert taken.state == "cancelled"
    kinds = Outbox.objects.about(f"session:{session.pk}").values_list("kind", flat=True)
    assert list(kinds) == ["session_confirmation"]


def test_nobody_came_can_be_noted_from_the_beginning_on(session, counsellor, now):
    assert code(not_attended, session=session, by=counsellor, now=now) == "sessions.not_yet"
    row = not_attended(session=session, by=counsellor, now=session.during.lower)
    assert row.state == "not_attended"
