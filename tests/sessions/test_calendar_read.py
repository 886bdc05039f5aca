"""The calendar for who does not see it: the way of a session in words, and now in its place."""

import re

import pytest
import time_machine

from sessions.models import CounsellingSession
from tests.sessions.test_calendar import MINUTES, rows

pytestmark = pytest.mark.usefixtures("english")
WAY = r'class="icon mode" role="img" aria-label="(\w+)"'


def test_the_way_of_a_session_is_said_not_only_drawn(session, of_another, counsellor, read):
    days = [one.starts_at.date() for one in (session, of_another)]
    pages = [read(counsellor).get(f"/calendar/?view=day&day={day}") for day in days]
    said = [re.findall(WAY, page.content.decode()) for page in pages]
    assert said == [["video"], ["telephone"]]


def test_now_is_read_between_what_has_begun_and_what_is_to_come(session, counsellor, read):
    later = session.during.lower + 6 * MINUTES
    CounsellingSession.objects.bulk_create(rows(session, [later]))
    with time_machine.travel(session.during.lower + MINUTES, tick=False):
        page = read(counsellor).get("/calendar/?view=day").content.decode()
    events = page.partition('<ol class="day-events')[2]
    assert re.findall(r">(\d\d:\d\d)<|>(Now)<", events) == [
        ("10:00", ""),
        ("", "Now"),
        ("15:00", ""),
    ]


def test_before_and_after_all_sessions_now_is_read_there(session, counsellor, read):
    for at, place in ((session.during.lower - MINUTES, 0), (session.during.upper, 1)):
        with time_machine.travel(at, tick=False):
            page = read(counsellor).get("/calendar/?view=day").context["sheet"]
        assert page.days[0].lines.index(None) == place
