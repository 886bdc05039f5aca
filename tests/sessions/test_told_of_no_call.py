"""Who expects no call is told of none: not on her page, not in a mail, and staff are asked for none."""

from datetime import timedelta

import pytest

from tests.sessions.conftest import CALL
from tests.sessions.phone import START, Phone, booked_and_mailed
from tests.sessions.post import mails_to, part, work
from tests.sessions.test_mails import be
from tests.staff.conftest import loose

CALLED = "the number you gave"
ANSWER = "telephone you can answer"
AGAIN = "open the same link again; your psychologist waits there"
AGREED = "Our staff were told and will get in touch with you the way you agreed."


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    return booked_and_mailed(case, room, counsellor)


@pytest.fixture(params=["", "email"])
def safe(request, case):
    """The safe way of the client, who reads English: none named, or mail."""
    be(case.people[0], letter_language="en", safe_channel=request.param)
    return request.param


def test_her_page_promises_a_call_only_where_she_expects_one(safe, booked):
    phone = Phone(START).begin()
    phone.prove()
    page = phone.look()
    assert CALL in page.text_
    said = [text in page.text_ for text in (CALLED, ANSWER, AGAIN)]
    assert said == ([False, False, True] if safe else [True, True, False])
    waits = "If it does not work, open it again: your psychologist waits there."
    assert (waits in page.text_) is bool(safe)


def test_nor_does_a_mail(safe, booked, mailbox):
    for before in (timedelta(hours=24), timedelta(hours=1)):
        work(START - before)
    told = [loose(part(mail, "plain")) for mail in mails_to(mailbox)]
    assert len(told) == 3
    assert [CALLED in text or ANSWER in text for text in told] == [not safe] * 3
    assert [AGAIN in text for text in told] == [False, False, bool(safe)]


def test_a_locked_page_promises_to_nobody_that_the_number_on_file_is_rung(safe, booked):
    phone = Phone(START).begin()
    for _n in range(5):
        phone.prove("1980-01-01")
    page = phone.look().text_
    assert (AGREED in page, "number on file" in page) == (True, False)
