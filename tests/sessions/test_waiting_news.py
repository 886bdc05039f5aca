"""A confirmation that waits for her hours to begin is the one mail of that hour: no reminder beside it."""

from datetime import time, timedelta

from tests.sessions.post import at, work
from tests.sessions.test_reminders import book_at, reminders, subjects

MINUTE = timedelta(minutes=1)


def test_what_was_written_in_the_evening_and_leaves_in_the_morning_is_not_reminded_of(
    case, room, counsellor, mailbox
):
    book_at(case, room, counsellor, at("2035-10-23 08:50"), now=at("2035-10-22 21:30"))
    for minutes in range(0, 50, 10):
        work(at("2035-10-23 07:50") + minutes * MINUTE)
    assert (subjects(mailbox), reminders()) == (["時間已確認：2035-10-23（二）08:50 臺北時間"], [])


def test_the_day_before_only_one_mail_leaves_as_her_safe_hours_begin(
    case, room, counsellor, mailbox
):
    (person,) = case.people
    person.safe_from, person.safe_until = time(12), time(13)
    person.save()
    book_at(case, room, counsellor, at("2035-10-24 10:00"), now=at("2035-10-22 14:00"))
    for hour in (10, 12, 13):
        work(at(f"2035-10-23 {hour}:00"))
    assert (subjects(mailbox), reminders()) == (["時間已確認：2035-10-24（三）10:00 臺北時間"], [])
