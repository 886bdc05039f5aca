"""Bookings at once of one psychologist, room and client: one wins, no deadlock surfaces."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Barrier

from django.db import connection, transaction

from clinic.errors import Refused
from clinic.kernel.outbox.delivery import claim
from clinic.kernel.outbox.models import Outbox
from sessions.booking.actions import book, cancel, restore, unbook
from sessions.models import CounsellingSession, Occupancy
from tests.kernel.chains import REAL
from tests.sessions.conftest import CALL, ten_tomorrow

AT_ONCE = 60


def deadlocks() -> int:
    """How many deadlocks the server has had to solve in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


@REAL
def test_sixty_parallel_bookings_give_one_session_and_fifty_nine_refusals_in_words(
    case, room, counsellor, now
):
    barrier, before = Barrier(AT_ONCE), deadlocks()

    def attempt(number: int) -> str:
        connection.ensure_connection()
        barrier.wait()
        try:
            book(
                case=case,
                room=room,
                channel="video",
                start=ten_tomorrow(now),
                minutes=50,
                call_link=CALL,
                by=counsellor,
                now=now,
            )
            return "booked"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = Counter(pool.map(attempt, range(AT_ONCE)))
    assert found == {"booked": 1, "sessions.busy": AT_ONCE - 1}
    assert CounsellingSession.objects.count() == 1
    assert Occupancy.objects.count() == 3
    assert deadlocks() == before


@REAL
def test_taking_a_cancellation_back_beside_new_bookings_leaves_one_session(
    session, case, room, counsellor, now
):
    by, tries = {"by": counsellor, "now": now}, 12
    cancel(session=session, side="client", reason="示範", **by)
    barrier, before = Barrier(tries), deadlocks()
    when = {"start": session.during.lower, "minutes": 50}

    def attempt(number: int) -> None:
        connection.ensure_connection()
        barrier.wait()
        try:
            if number % 2:
                restore(session=session, **by)
            else:
                book(case=case, room=room, channel="telephone", **when, **by)
        except Refused:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(tries) as pool:
        list(pool.map(attempt, range(tries)))
    assert CounsellingSession.objects.booked().count() == 1
    assert Occupancy.objects.filter(released=False).count() == 3
    assert deadlocks() == before


@REAL
def test_a_booking_whose_mail_a_worker_is_just_taking_is_not_taken_back(session, counsellor, now):
    """Its look at the mails waits for the worker: else she is told of what no longer stands."""

    def take_back() -> str:
        try:
            unbook(session=session, by=counsellor, now=now)
            return "taken back"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    Outbox.objects.update(not_before=now - timedelta(minutes=1))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert len(claim()) == 1
            attempt = pool.submit(take_back)
            wait([attempt], timeout=0.5)
        assert attempt.result() == "sessions.told"
    assert CounsellingSession.objects.get().state == "booked"
