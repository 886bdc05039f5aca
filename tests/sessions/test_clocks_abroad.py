"""Mail to a client abroad keeps to her day and her safe hours, also where her zone is not known.

The law of places asks for the state, such as California; no zone is named after it.
"""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic.kernel.tasks.models import Task
from sessions.emails import leaves_at
from sessions.wording import booked_words
from tests.sessions.post import at, deliver, outbox
from tests.sessions.test_reminders import BOOKED_AT, START, book_at, live_abroad

pytestmark = pytest.mark.usefixtures("english")

MINUTE = timedelta(minutes=1)
MORNING = at("2035-10-23 02:00")  # 08:00 in Honolulu, 14:00 in New York


def keep_to(case, start: time, end: time) -> None:
    (person,) = case.people
    person.safe_from, person.safe_until = start, end
    person.save()


def test_where_only_her_state_is_on_file_it_leaves_by_day_in_all_of_the_country(
    case, room, counsellor, mailbox
):
    live_abroad(case, counsellor, "US", "California")
    book_at(case, room, counsellor, START, now=at("2035-10-22 20:00"))
    deliver(at("2035-10-22 20:04"))  # 05:04 in California
    assert outbox() == [("session_confirmation", "waiting", "send window")]
    deliver(MORNING - MINUTE)
    assert outbox() == [("session_confirmation", "waiting", "send window")]
    deliver(MORNING)
    assert outbox() == [("session_confirmation", "sent", "")]


def test_safe_hours_are_kept_wherever_in_her_country_she_may_be(case, room, counsellor, mailbox):
    live_abroad(case, counsellor, "US", "California")
    keep_to(case, time(9), time(16))
    book_at(case, room, counsellor, START)
    deliver(at("2035-10-23 02:59"))
    assert mailbox == []
    deliver(at("2035-10-23 03:00"))  # 09:00 in Honolulu, 15:00 in New York
    assert outbox() == [("session_confirmation", "sent", "")]


def test_where_no_hour_is_safe_in_all_of_her_country_somebody_telephones(
    case, room, counsellor, mailbox
):
    live_abroad(case, counsellor, "US", "California")
    keep_to(case, time(18), time(19))
    booked = book_at(case, room, counsellor, START)
    said = "Booked. No mail would leave in time: please tell the client by telephone."
    assert booked_words(booked, BOOKED_AT) == said
    deliver(BOOKED_AT + 4 * MINUTE)
    assert outbox() == [("session_confirmation", "held", "no safe hour")]
    assert [(task.kind, task.owner) for task in Task.objects.all()] == [
        ("undeliverable", counsellor)
    ]
    deliver(at("2035-10-22 18:00"))  # 03:00 in California
    assert mailbox == []


@pytest.mark.parametrize(
    ("country", "region", "zone"),
    [
        ("US", "California", "America/Los_Angeles"),
        ("ES", "Barcelona", "Europe/Madrid"),
        ("NZ", "Wellington", "Pacific/Auckland"),
        ("AU", "Victoria", "Australia/Melbourne"),
        ("UA", "Lviv", "Europe/Kyiv"),
        ("RU", "Kaliningrad Oblast", "Europe/Kaliningrad"),
    ],
)
@pytest.mark.parametrize("month", ["01", "07"])
def test_a_mail_leaves_within_a_day_and_in_hers(case, counsellor, country, region, zone, month):
    live_abroad(case, counsellor, country, region)
    (person,) = case.people
    for hour in range(24):
        written = at(f"2036-{month}-15 {hour:02}:30")
        leaves = leaves_at(person, written)
        assert written < leaves < written + timedelta(days=1)
        assert 8 <= leaves.astimezone(ZoneInfo(zone)).hour < 21
