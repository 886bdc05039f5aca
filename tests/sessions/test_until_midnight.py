"""Where the clinic is open until midnight, a session may end as the day does."""

from datetime import time

import pytest

from clinic.organisation.models import MIDNIGHT, OpeningHours
from sessions.booking.actions import book
from sessions.models import CounsellingSession
from tests.sessions.conftest import CALL, ten_tomorrow
from tests.sessions.test_booking import refusal

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def booked_at(case, room, counsellor, now):
    """``booked_at(hour, minute)`` books fifty minutes of a day that is open from 14:00 to 24:00."""
    day = ten_tomorrow(now)
    OpeningHours.objects.filter(weekday=day.isoweekday()).update(opens="14:00", closes=MIDNIGHT)

    def booked(hour: int, minute: int) -> CounsellingSession:
        how = {"channel": "video", "minutes": 50, "call_link": CALL, "by": counsellor, "now": now}
        start = day.replace(hour=hour, minute=minute)
        return book(case=case, room=room, start=start, **how)

    return booked


def test_a_session_may_end_at_midnight(booked_at):
    assert booked_at(23, 10).ends_at.time() == time(0)


@pytest.mark.parametrize(("hour", "minute"), [(13, 59), (23, 11)])
def test_beyond_the_hours_it_is_refused_and_they_are_named(booked_at, hour, minute):
    found = refusal(booked_at, hour=hour, minute=minute)
    assert (found.code, str(found)) == (
        "sessions.closed",
        "On that day the clinic is open from 14:00 to 24:00. The whole session has to lie within.",
    )
