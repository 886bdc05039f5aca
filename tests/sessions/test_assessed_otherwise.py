"""Nobody is told to come to a session that cannot take place as assessed (G2.5)."""

from datetime import timedelta

import pytest

from sessions import mail_states
from sessions.booking.actions import book, cancel
from sessions.models import CounsellingSession, Suitability
from sessions.reminders import remind
from sessions.suitability.waiting import assessed_otherwise
from tests.sessions.assessing import NOT_TODAY, REFER, TALK, assess
from tests.sessions.conftest import CALL
from tests.sessions.post import at, deliver, outbox
from tests.sessions.test_reminders import move_to

BOOKED_AT = at("2035-10-22 10:00")
START = at("2035-10-26 14:00")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
OTHERWISE = "assessed otherwise"
STOPS = [("face_to_face", TALK), ("refer", REFER | {"follow_up_date": "2035-10-30"})]


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    """Four days ahead; nobody was written to yet."""
    values = {"channel": "video", "minutes": 50, "call_link": CALL, "now": BOOKED_AT}
    return book(case=case, room=room, start=START, by=counsellor, **values)


def anew(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def stopped(session, now=BOOKED_AT + MINUTE, outcome="face_to_face", details=TALK) -> Suitability:
    return assess(session.case, now, outcome=outcome, details=details)


def titles(user, now=BOOKED_AT) -> list[str]:
    return [str(item.title) for item in assessed_otherwise(user, now)]


@pytest.mark.parametrize(("outcome", "details"), STOPS)
def test_a_confirmation_is_dropped_with_its_reason(booked, mailbox, outcome, details):
    stopped(booked, outcome=outcome, details=details)
    deliver(BOOKED_AT + 4 * MINUTE)
    assert (mailbox, outbox()) == ([], [("session_confirmation", "dropped", OTHERWISE)])
    (state,) = mail_states.of(anew(booked), BOOKED_AT + 5 * MINUTE)
    assert (state.state, state.reason) == ("fix", str(mail_states.REASONS[OTHERWISE]))


def test_reminders_are_dropped_with_their_reason(booked, mailbox):
    deliver(BOOKED_AT + 4 * MINUTE)
    stopped(booked, BOOKED_AT + DAY)
    for before in (DAY, timedelta(hours=1)):
        remind(START - before)
        deliver(START - before)
    assert len(mailbox) == 1
    assert outbox("session_reminder") == [
        ("session_reminder_24h", "dropped", OTHERWISE),
        ("session_reminder_1h", "dropped", OTHERWISE),
    ]


def test_not_today_stops_that_day_alone(booked, mailbox):
    deliver(BOOKED_AT + 4 * MINUTE)
    not_today = {"outcome": "not_today", "details": NOT_TODAY}
    stopped(booked, BOOKED_AT + DAY, **not_today)
    remind(START - DAY)
    deliver(START - DAY)
    stopped(booked, START - timedelta(hours=2), **not_today)
    remind(START - timedelta(hours=1))
    deliver(START - timedelta(hours=1))
    assert outbox("session_reminder") == [
        ("session_reminder_24h", "sent", ""),
        ("session_reminder_1h", "dropped", OTHERWISE),
    ]


@pytest.fixture
def not_then(booked, mailbox):
    """Told of, and two days ahead, after a positive one, judged: not on the day of this session."""
    deliver(BOOKED_AT + 4 * MINUTE)
    assess(booked.case, BOOKED_AT + HOUR)
    said = {"session": booked, "outcome": "not_today", "details": NOT_TODAY}
    assess(booked.case, BOOKED_AT + DAY, **said)
    return booked


def reminded(start) -> list[tuple[str, str, str]]:
    remind(start - DAY)
    deliver(start - DAY)
    return outbox("session_reminder")


def test_not_today_said_of_a_later_session_stops_that_one(not_then, counsellor, english):
    title = f"The session on 2035-10-26 in {not_then.case.code} cannot take place as assessed"
    assert titles(counsellor, BOOKED_AT + DAY) == [title]
    assert reminded(START) == [("session_reminder_24h", "dropped", OTHERWISE)]


def test_another_not_today_does_not_lift_it(not_then):
    assess(not_then.case, BOOKED_AT + 2 * DAY, outcome="not_today", details=NOT_TODAY)
    assert reminded(START) == [("session_reminder_24h", "dropped", OTHERWISE)]


def test_moved_on_the_same_day_it_stays_stopped(not_then):
    move_to(not_then, START + HOUR, BOOKED_AT + DAY + HOUR)
    deliver(BOOKED_AT + DAY + 2 * HOUR)
    assert reminded(START + HOUR) == [("session_reminder_24h", "dropped", OTHERWISE)]


def test_moved_to_another_day_its_client_is_told_and_reminded(not_then, counsellor):
    move_to(not_then, START + DAY, BOOKED_AT + DAY + HOUR)
    move_to(anew(not_then), START + DAY + HOUR, BOOKED_AT + DAY + 2 * HOUR)
    deliver(BOOKED_AT + DAY + 3 * HOUR)
    assert titles(counsellor, BOOKED_AT + DAY + 3 * HOUR) == []
    assert outbox("session_change")[-1] == ("session_change", "sent", "")
    assert reminded(START + DAY + HOUR) == [("session_reminder_24h", "sent", "")]


def test_assessed_better_its_client_is_reminded_after_all(not_then):
    kept_back = reminded(START)
    assess(not_then.case, START - 20 * HOUR)
    deliver(START - 20 * HOUR + 4 * MINUTE)
    sent = outbox("session_reminder")
    assert (kept_back, sent) == (
        [("session_reminder_24h", "dropped", OTHERWISE)],
        [("session_reminder_24h", "sent", "")],
    )


def test_in_person_nothing_is_held_back(booked, mailbox):
    stopped(booked)
    CounsellingSession.objects.filter(pk=booked.pk).update(channel="in_person", call_link="")
    deliver(BOOKED_AT + 4 * MINUTE)
    assert outbox() == [("session_confirmation", "sent", "")]


def test_assessed_anew_it_is_told(booked, mailbox, counsellor):
    stopped(booked)
    assess(booked.case, BOOKED_AT + 2 * MINUTE)
    deliver(BOOKED_AT + 4 * MINUTE)
    assert (outbox(), titles(counsellor)) == ([("session_confirmation", "sent", "")], [])


def test_who_was_told_of_it_learns_of_its_change_to_in_person(booked, mailbox):
    deliver(BOOKED_AT + 4 * MINUTE)
    stopped(booked, BOOKED_AT + DAY)
    later = {"channel": "in_person", "call_link": ""}
    move_to(booked, START, BOOKED_AT + DAY + MINUTE, **later)
    deliver(BOOKED_AT + DAY + 5 * MINUTE)
    assert outbox("session_change") == [("session_change", "sent", "")]


def test_it_is_a_to_do_of_its_psychologist_until_it_is_cancelled(
    booked, counsellor, stranger, admin, english
):
    assert titles(counsellor) == []
    stopped(booked)
    title = f"The session on 2035-10-26 in {booked.case.code} cannot take place as assessed"
    found = [titles(user) for user in (counsellor, stranger, admin)]
    assert found == [[title], [], []]
    cancel(session=booked, side="clinic", reason="示範", by=counsellor, now=BOOKED_AT + DAY)
    assert titles(counsellor) == []


def test_one_question_is_asked_however_many_sessions(
    booked, room, counsellor, django_assert_num_queries
):
    stopped(booked)
    with django_assert_num_queries(2):
        assert len(titles(counsellor)) == 1
    for day in (1, 2):
        rows = {"case": booked.case, "counsellor": counsellor, "room": room, "channel": "video"}
        during = (START + day * DAY, START + day * DAY + 50 * MINUTE)
        CounsellingSession.objects.create(
            **rows, during=during, booked_by=counsellor, booked_at=BOOKED_AT
        )
    with django_assert_num_queries(2):
        assert len(titles(counsellor)) == 3
