"""Calendar files, as they arrive: one appointment, told to nobody but its owner's calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from sessions.appointments import appointment
from sessions.booking.actions import move
from sessions.calendar_file import calendar_file
from tests.sessions.conftest import CALL, CLIENT
from tests.sessions.phone import BOOKED_AT, START, booked_ahead
from tests.sessions.post import deliver, event_of, mails_to, work

NAMED = [
    "CLASS",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "ORGANIZER",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "UID",
]


@pytest.fixture
def booked(case, room, counsellor):
    return booked_ahead(case, room, counsellor)


@pytest.fixture
def client_person(case):
    (person,) = case.people
    return person


def lines(file: tuple[str, bytes, str]) -> list[str]:
    """The lines of a file, unfolded."""
    return file[1].decode().replace("\r\n ", "").split("\r\n")


def test_it_arrives_as_an_attachment_that_calendars_know(booked, mailbox):
    deliver(BOOKED_AT + timedelta(minutes=4))
    (mail,) = mails_to(mailbox)
    (file,) = mail.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "appointment.ics")
    assert file["Content-Type"].params["method"] == "PUBLISH"


def test_it_holds_the_time_in_utc_and_nothing_telling(booked, client_person, mailbox):
    deliver(BOOKED_AT + timedelta(minutes=4))
    calendar, event = event_of(mails_to(mailbox)[0])
    assert {str(name): str(calendar[name]) for name in calendar} == {
        "PRODID": "-//Appointments//1.0//EN",
        "VERSION": "2.0",
        "METHOD": "PUBLISH",
    }
    assert event["dtstart"].dt == datetime(2035, 10, 26, 6, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2035, 10, 26, 6, 50, tzinfo=UTC)
    assert sorted(event) == NAMED
    assert (event["summary"], event["sequence"], event["status"]) == ("約定", 1, "CONFIRMED")
    assert event["organizer"].params["cn"] == "節氣工作室"


def test_the_uid_is_the_persons_own_and_stays(booked, client_person, clinic):
    now = BOOKED_AT
    mine = appointment(booked, client_person)
    first, again = calendar_file(mine, now), calendar_file(mine, now + timedelta(days=1))
    uids = [next(line for line in lines(f) if line.startswith("UID:")) for f in (first, again)]
    assert uids[0] == uids[1]
    assert [str(number) in uids[0] for number in (CLIENT, client_person.seal)] == [False, False]


@pytest.mark.parametrize("before", [timedelta(hours=24), timedelta(hours=1)])
def test_a_reminder_carries_the_same_appointment_as_it_is_now(booked, mailbox, before):
    """The calendar of who threw the first letter away gets it all the same, and none twice."""
    deliver(BOOKED_AT + timedelta(minutes=4))
    (confirmation,) = mails_to(mailbox)
    later = START + timedelta(hours=1)
    values = {"channel": "video", "minutes": 50, "call_link": CALL, "room": booked.room}
    now = BOOKED_AT + timedelta(hours=1)
    move(session=booked, start=later, **values, by=booked.counsellor, now=now)
    deliver(now + timedelta(minutes=4))
    mailbox.clear()
    work(later - before)
    (reminder,) = mails_to(mailbox)
    (file,) = reminder.iter_attachments()
    calendar, event = event_of(reminder)
    assert (file.get_filename(), calendar["method"]) == ("appointment.ics", "PUBLISH")
    assert event["uid"] == event_of(confirmation)[1]["uid"]
    assert (event["sequence"], event["dtstart"].dt) == (2, later)
    assert (event["summary"], event["status"]) == ("約定", "CONFIRMED")
    assert sorted(event) == NAMED


HOSTILE = 'X"\r\nATTACH:https://evil.example\r\nEND:VEVENT;L=x:y,z\\n\tß測'


def test_hostile_text_stays_text(booked, client_person, clinic):
    clinic.neutral_name = HOSTILE
    clinic.save()
    client_person.name = HOSTILE
    booked.counsellor.name = HOSTILE
    file = calendar_file(appointment(booked, client_person), BOOKED_AT)
    names = [line.partition(":")[0].partition(";")[0] for line in lines(file) if line]
    assert names[0:5] == ["BEGIN", "VERSION", "PRODID", "METHOD", "BEGIN"]
    assert (names.count("END"), names.count("ATTACH")) == (2, 0)
    assert max(len(line) for line in file[1].split(b"\r\n")) <= 75
