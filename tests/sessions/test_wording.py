"""What staff are told of how a client comes to know: never of a mail that nobody gets in time."""

from datetime import time, timedelta

import pytest

from clinic.kernel.dates import meeting
from clinic.kernel.outbox.models import Outbox
from sessions import mail_states
from sessions.booking.actions import cancel
from sessions.models import CounsellingSession
from sessions.wording import booked_words, cancelled_words, cancelling_words, changed_words
from tests.sessions.post import at, deliver
from tests.sessions.test_mails import BOOKED_AT, SOON, START, be, book_at, move_to
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")

SOON_TOLD = "The client is told in three minutes."
TELEPHONE = "No mail would leave in time: please tell the client by telephone."
LATE = at("2035-10-25 21:05")  # the evening before the session


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    """Four days ahead, and told."""
    session = book_at(case, room, counsellor, START)
    deliver(SOON)
    return session


@pytest.fixture
def person(booked):
    return booked.people[0]


def of(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def test_by_day_she_is_told_in_three_minutes(booked):
    assert booked_words(booked, BOOKED_AT) == f"Booked. {SOON_TOLD}"
    assert (
        cancelling_words(booked, SOON)
        == f"{meeting(booked.starts_at)}: time and room become free. {SOON_TOLD}"
    )


def test_in_the_evening_it_is_said_when_the_mail_leaves(booked):
    leaves = "The mail to the client leaves on Fri 26 Oct 2035 08:00."
    assert booked_words(booked, LATE) == f"Booked. {leaves}"
    moved = move_to(booked, START + timedelta(hours=1), LATE)
    assert changed_words(booked, moved, LATE) == f"Changed. {leaves}"
    assert cancelled_words(booked, LATE) == f"Cancelled. {leaves}"


def test_a_mail_that_leaves_at_the_hour_of_the_session_is_too_late(case, room, counsellor, mailbox):
    session = book_at(case, room, counsellor, at("2035-10-26 08:00"))
    deliver(SOON)
    assert booked_words(session, LATE) == f"Booked. {TELEPHONE}"
    cancel(session=session, side="clinic", reason="病了", by=counsellor, now=LATE)
    assert cancelled_words(of(session), LATE) == f"Cancelled. {TELEPHONE}"
    deliver(LATE + timedelta(minutes=4))
    (state, *_others) = mail_states.of(of(session), LATE)
    assert (state.state, state.words) == ("fix", "will not leave in time")


def test_safe_hours_count_and_where_they_leave_none_one_telephones(booked, person):
    be(person, safe_from=time(12), safe_until=time(13))
    at_noon = "The mail to the client leaves on Tue 23 Oct 2035 12:00."
    assert booked_words(of(booked), at("2035-10-22 14:00")) == f"Booked. {at_noon}"
    be(person, safe_from=time(5), safe_until=time(7))
    assert booked_words(of(booked), BOOKED_AT) == f"Booked. {TELEPHONE}"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"never_mail": True}, "No mail goes to this client: please use the safe way."),
        ({"email": ""}, "No mail address is on file: please tell the client by telephone."),
    ],
)
def test_cancelling_promises_no_mail_that_nobody_gets(session, counsellor, read, values, said):
    be(session.people[0], **values)
    browser, page = read(counsellor), f"/sessions/{session.pk}/cancel/"
    assert f"{meeting(session.starts_at)}: time and room become free. {said}" in words(
        browser.get(page)
    )
    sent = {"side": "clinic", "reason": "病了", "version": session.version}
    assert f"Cancelled. {said}" in words(browser.post(page, sent, follow=True))


def test_who_was_not_written_to_yet_gets_no_cancellation_and_that_is_said(booked):
    Outbox.objects.update(state="waiting", finished_at=None)
    said = "No mail had told the client of it yet, so none is sent."
    assert cancelled_words(booked, SOON) == f"Cancelled. {said}"
    assert cancelled_words(booked, booked.during.upper) == "Cancelled."
