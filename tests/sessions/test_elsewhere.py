"""What is asked of who will be elsewhere on the day holds for everybody, wherever she lives."""

import pytest

from tests.sessions.phone import BOOKED_AT, START, Phone, booked_and_mailed
from tests.sessions.post import deliver, mails_to, part, work
from tests.sessions.test_mails import be
from tests.sessions.test_reminders import DAY, HOUR, live_abroad
from tests.staff.conftest import loose

ASKED = "you will be in another county or country than usual that day, please call"


@pytest.mark.parametrize("neutral", [False, True])
def test_who_lives_abroad_is_not_asked_to_call_because_she_is_there(
    neutral, case, room, counsellor, mailbox
):
    be(case.people[0], letter_language="en", neutral_contact=neutral)
    live_abroad(case, counsellor)
    booked_and_mailed(case, room, counsellor)
    deliver(BOOKED_AT + 8 * HOUR)  # it is morning there
    work(START - DAY)
    deliver(START - DAY + 2 * HOUR)  # and again
    phone = Phone(START - HOUR).begin()
    phone.prove()
    told = [loose(part(mails_to(mailbox)[-1], "plain")), phone.look().text_]
    assert [ASKED in text for text in told] == [True, True]
    assert ["or abroad" in text for text in told] == [False, False]
