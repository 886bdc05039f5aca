"""The clinic's number as its reader dials it: with the country's code in English, and from abroad."""

import pytest

from clinic.people.models import Person
from tests.sessions.phone import START, Phone, booked_and_mailed
from tests.sessions.post import mails_to, part
from tests.sessions.test_mails import be
from tests.sessions.test_reminders import live_abroad

HERE, ABROAD = "(02) 2610-1660", "+886-2-2610-1660"
NEUTRAL = "(02) 2429-2525"


@pytest.fixture
def numbered(clinic):
    """The clinic with numbers as they are written in Taipei."""
    clinic.phone, clinic.neutral_phone = HERE, NEUTRAL
    clinic.save(update_fields=["phone", "neutral_phone"])
    return clinic


def told(case, room, counsellor, mailbox) -> list[list[bool]]:
    """Whether the mail and the page of an appointment name the number of here, and of abroad."""
    booked_and_mailed(case, room, counsellor)
    (mail,) = mails_to(mailbox)
    shown = part(mail, "plain"), Phone(START).begin().look().text_
    return [[number in text for number in (HERE, ABROAD)] for text in shown]


def test_in_taiwan_it_stands_as_it_is_written_there(numbered, case, room, counsellor, mailbox):
    assert told(case, room, counsellor, mailbox) == [[True, False]] * 2


def test_in_english_it_can_be_dialled_from_anywhere(numbered, case, room, counsellor, mailbox):
    be(case.people[0], letter_language="en")
    assert told(case, room, counsellor, mailbox) == [[False, True]] * 2


def test_abroad_it_can_be_dialled_in_chinese_too(numbered, case, room, counsellor, mailbox):
    live_abroad(case, counsellor, "JP", "")
    assert told(case, room, counsellor, mailbox) == [[False, True]] * 2


def test_neutral_words_do_not_tell_that_she_is_abroad(numbered, case, room, counsellor, mailbox):
    live_abroad(case, counsellor, "JP", "")
    be(Person.objects.get(), neutral_contact=True)
    booked_and_mailed(case, room, counsellor)
    (mail,) = mails_to(mailbox)
    shown = part(mail, "plain"), Phone(START).begin().look().text_
    assert [(NEUTRAL in text, "+886" in text) for text in shown] == [(True, False)] * 2
