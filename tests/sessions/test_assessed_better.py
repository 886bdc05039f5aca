"""What was not sent as a session was assessed otherwise is sent after a better assessment (G2.5)."""

from datetime import timedelta

import pytest

from sessions import mail_states
from sessions.reminders import remind
from sessions.suitability.actions import confirm_suitability
from tests.house import license_ever
from tests.sessions.assessing import NOT_TODAY, assess
from tests.sessions.conftest import overseen
from tests.sessions.post import deliver, outbox, work
from tests.sessions.test_assessed_otherwise import (
    BOOKED_AT,
    DAY,
    MINUTE,
    OTHERWISE,
    START,
    anew,
    booked,
    stopped,
)
from tests.sessions.test_reminders import move_to

__all__ = ["booked"]

CONFIRMED = ("session_confirmation", "sent", "")
HOUR = timedelta(hours=1)


@pytest.fixture
def kept_back(booked, mailbox):
    """Its confirmation was not sent: the case is assessed as in person."""
    stopped(booked)
    deliver(BOOKED_AT + 4 * MINUTE)
    assert outbox() == [("session_confirmation", "dropped", OTHERWISE)]
    return booked


def test_the_confirmation_leaves_once(kept_back, mailbox):
    better = BOOKED_AT + DAY
    for moment in (better, better + HOUR):
        assess(kept_back.case, moment)
        deliver(moment + MINUTE)
        deliver(moment + 4 * MINUTE)
    assert (outbox(), len(mailbox)) == ([CONFIRMED], 1)


def test_one_that_stops_it_as_well_sends_nothing(kept_back, mailbox):
    stopped(kept_back, BOOKED_AT + DAY)
    deliver(BOOKED_AT + DAY + 4 * MINUTE)
    assert (outbox(), mailbox) == ([("session_confirmation", "dropped", OTHERWISE)], [])


def test_stopped_again_before_it_left_it_stays(kept_back, mailbox):
    assess(kept_back.case, BOOKED_AT + DAY)
    stopped(kept_back, BOOKED_AT + DAY + MINUTE)
    deliver(BOOKED_AT + DAY + 4 * MINUTE)
    assert (outbox(), mailbox) == ([("session_confirmation", "dropped", OTHERWISE)], [])


def test_an_interns_leaves_it_until_it_is_confirmed(kept_back, supervisor, intern, mailbox):
    better = BOOKED_AT + DAY
    overseen(intern, supervisor, better)
    license_ever(supervisor, kept_back.room.premises)
    kept_back.case.counsellor = intern
    kept_back.case.save()
    row = assess(kept_back.case, better)
    deliver(better + 4 * MINUTE)
    before = len(mailbox)
    confirm_suitability(assessment=row, by=supervisor, now=better + HOUR)
    deliver(better + HOUR + 4 * MINUTE)
    assert (before, len(mailbox)) == (0, 1)


def test_a_reminder_that_still_helps_leaves_and_one_that_is_past_does_not(booked, mailbox):
    deliver(BOOKED_AT + 4 * MINUTE)
    stopped(booked, BOOKED_AT + DAY)
    work(START - DAY)
    assess(booked.case, START - 20 * HOUR)
    deliver(START - 20 * HOUR + 4 * MINUTE)
    stopped(booked, START - 2 * HOUR)
    work(START - HOUR)
    assess(booked.case, START - 2 * MINUTE)
    deliver(START - MINUTE)
    assert outbox() == [
        CONFIRMED,
        ("session_reminder_24h", "sent", ""),
        ("session_reminder_1h", "dropped", "too late"),
    ]
    (late, *_rest) = mail_states.of(anew(booked), START)
    assert (late.state, late.reason) == ("fix", str(mail_states.REASONS["too late"]))


def test_the_confirmation_stands_for_a_reminder_of_the_same(kept_back, mailbox):
    remind(START - DAY)
    deliver(START - DAY)
    assess(kept_back.case, START - 20 * HOUR)
    deliver(START - 20 * HOUR + 4 * MINUTE)
    assert outbox() == [CONFIRMED, ("session_reminder_24h", "dropped", "too late")]
    assert len(mailbox) == 1


def test_a_confirmation_that_a_change_has_overtaken_stands_for_no_reminder(booked, mailbox):
    """Kept back on the day of the old time, it says nothing; the change of long ago was told."""
    said = {"session": booked, "outcome": "not_today", "details": NOT_TODAY}
    assess(booked.case, BOOKED_AT + MINUTE, **said)
    deliver(BOOKED_AT + 4 * MINUTE)
    later = START + DAY
    move_to(anew(booked), later, now=BOOKED_AT + 10 * MINUTE)
    deliver(BOOKED_AT + 14 * MINUTE)
    stopped(booked, later - 25 * HOUR)
    remind(later - DAY)
    deliver(later - DAY)
    before = outbox()
    assess(booked.case, later - 23 * HOUR)
    deliver(later - 23 * HOUR + 4 * MINUTE)
    assert before[1:] == [
        ("session_change", "sent", ""),
        ("session_reminder_24h", "dropped", OTHERWISE),
    ]
    assert outbox()[1:] == [
        ("session_change", "sent", ""),
        ("session_reminder_24h", "sent", ""),
    ]
    assert len(mailbox) == 2


def test_of_what_has_begun_nothing_is_sent(kept_back, mailbox):
    assess(kept_back.case, START + MINUTE)
    deliver(START + 5 * MINUTE)
    assert (outbox(), mailbox) == ([("session_confirmation", "dropped", OTHERWISE)], [])
