"""Reminders by the clock: once each, in any number of beats, never for a time that is no more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from clinic.clients.place_actions import add_place
from clinic.kernel.outbox.models import Outbox
from sessions import mail_states
from sessions.booking.actions import book, cancel, move
from sessions.models import CounsellingSession, Jurisdiction
from sessions.reminders import remind
from tests.kernel.chains import REAL
from tests.sessions.conftest import CALL
from tests.sessions.post import at, deliver, mails_to, outbox, part, subject, work

BOOKED_AT = at("2035-10-22 10:00")
START = at("2035-10-26 14:00")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    """Booked four days ahead and confirmed."""
    session = book_at(case, room, counsellor, START)
    deliver(BOOKED_AT + 4 * MINUTE)
    mailbox.clear()
    return session


def book_at(case, room, counsellor, start, now=BOOKED_AT, **values) -> CounsellingSession:
    values = {"channel": "video", "minutes": 50, "call_link": CALL} | values
    return book(case=case, room=room, start=start, by=counsellor, now=now, **values)


def move_to(session, start, now, **values) -> CounsellingSession:
    values = {"channel": "video", "minutes": 50, "call_link": CALL, "room": session.room} | values
    return move(session=session, start=start, by=session.counsellor, now=now, **values)


def live_abroad(case, counsellor, country="GB", region="London"):
    """Where both sides may, by the register."""
    (person,) = case.people
    law = {"receive": "allowed", "give": "allowed", "source": "示範"}
    Jurisdiction.objects.create(
        country=country, reviewed_on=BOOKED_AT.date(), reviewed_by=counsellor, **law
    )
    place = {"label": "倫敦", "country": country, "region": region, "street": "1 Example Road"}
    values = place | {"town": None, "usual": True}
    return add_place(person=person, values=values, by=counsellor, now=BOOKED_AT)


def reminders() -> list[tuple[str, str, str]]:
    return outbox("session_reminder")


def subjects(mailbox) -> list[str]:
    return [subject(mail) for mail in mails_to(mailbox)]


def test_a_day_and_an_hour_before_by_a_beat_each_minute(booked, mailbox):
    for moment in (START - DAY, START - HOUR):
        work(moment - MINUTE)
        before = len(mailbox)
        work(moment)
        work(moment + MINUTE)
        assert len(mailbox) == before + 1
    assert subjects(mailbox) == [
        "提醒：2035-10-26（五）14:00 臺北時間",
        "快到了：2035-10-26（五）14:00 臺北時間",
    ]


def test_three_beats_at_once_give_one_mail(booked, mailbox):
    for _beat in range(3):
        remind(START - DAY)
    work(START - DAY)
    assert reminders() == [("session_reminder_24h", "sent", "")]


@pytest.mark.parametrize("hours", [3, 12, 21])
def test_a_worker_that_stood_still_catches_up_with_one_beat(booked, mailbox, hours):
    work(START - DAY + timedelta(hours=hours))
    work(START - DAY + timedelta(hours=hours) + MINUTE)
    sent = [subject(mail) for mail in mailbox]
    late_evening = hours == 12  # 02:00 in Taipei: it waits for the morning
    assert sent == ([] if late_evening else ["提醒：2035-10-26（五）14:00 臺北時間"])
    work(START - DAY + timedelta(hours=21))
    assert len(mailbox) == 1


def test_a_late_one_is_dropped_with_its_reason(booked, mailbox):
    work(START - 90 * MINUTE)
    assert reminders() == [("session_reminder_24h", "dropped", "too late")]
    work(START + MINUTE)
    assert (mailbox, reminders()[1]) == ([], ("session_reminder_1h", "dropped", "too late"))
    states = mail_states.of(booked, START)
    assert [(state.state, bool(state.reason)) for state in states[:2]] == [("fix", True)] * 2


def test_after_hours_nothing_is_looked_for_any_more(booked):
    remind(START + 7 * HOUR)
    assert reminders() == []


def test_a_moved_session_reminds_of_its_new_time_only(booked, mailbox):
    work(START - DAY)
    mailbox.clear()
    new = START + 4 * DAY
    move_to(booked, new, START - DAY + HOUR)
    for moment in (START - HOUR, START, new - DAY, new - HOUR):
        work(moment)
    assert subjects(mailbox) == [
        "約定有變動：2035-10-30（二）14:00 臺北時間",
        "提醒：2035-10-30（二）14:00 臺北時間",
        "快到了：2035-10-30（二）14:00 臺北時間",
    ]


def test_a_reminder_that_waits_while_the_session_is_moved_is_dropped(booked, mailbox):
    remind(START - DAY)
    move_to(booked, START + DAY, START - DAY)
    deliver(START - DAY + MINUTE)
    assert reminders() == [("session_reminder_24h", "dropped", "moved on")]


def test_another_room_reminds_no_second_time(booked, mailbox):
    work(START - DAY)
    move_to(booked, START, START - DAY + MINUTE, call_link="https://video.clinic.example/other")
    work(START - DAY + 5 * MINUTE)
    assert reminders() == [("session_reminder_24h", "sent", "")]


def test_a_cancelled_session_is_not_reminded_of(booked, mailbox):
    by = {"by": booked.counsellor, "now": START - DAY + MINUTE}
    remind(START - DAY)
    cancel(session=booked, side="client", reason="示範", **by)
    for moment in (START - DAY + MINUTE, START - HOUR):
        work(moment)
    assert subjects(mailbox) == ["已取消：2035-10-26（五）14:00 臺北時間"]
    assert reminders() == [("session_reminder_24h", "dropped", "no longer booked")]


@pytest.mark.parametrize(
    ("hours_ahead", "kinds"),
    [
        (42, ["session_reminder_24h", "session_reminder_1h"]),
        (29, ["session_reminder_1h"]),
        (5, ["session_reminder_1h"]),
        (1, []),
    ],
)
def test_what_was_just_confirmed_is_not_reminded_of(case, room, counsellor, hours_ahead, kinds):
    now = START - timedelta(hours=hours_ahead)
    book_at(case, room, counsellor, START, now)
    deliver(now + 4 * MINUTE)
    for beat in (START - DAY, START - HOUR, START - 10 * MINUTE):
        remind(max(beat, now))
    assert [kind for kind, _state, _reason in reminders()] == kinds


@pytest.mark.parametrize("channel", ["telephone", "in_person"])
def test_other_ways_are_reminded_of_too(case, room, counsellor, mailbox, channel):
    book_at(case, room, counsellor, START, channel=channel)
    work(START - DAY)
    text = part(mails_to(mailbox)[-1], "plain")
    assert {"telephone": "我們打給您", "in_person": "面對面"}[channel] in text


def test_a_reminder_before_the_morning_waits_and_the_hour_of_an_early_session_is_dropped(
    case, room, counsellor, mailbox
):
    start = at("2035-10-26 08:00")
    session = book_at(case, room, counsellor, start)
    deliver(BOOKED_AT + 4 * MINUTE)
    work(start - DAY)
    work(start - HOUR)  # 07:00
    assert [row[1:] for row in reminders()] == [("sent", ""), ("waiting", "send window")]
    (waiting, *_others) = mail_states.of(session, start - HOUR)
    assert (waiting.state, bool(waiting.reason)) == ("fix", True)
    work(start)
    assert reminders()[1] == ("session_reminder_1h", "dropped", "too late")


def test_abroad_the_mail_says_both_times_over_a_change_of_clocks(case, room, counsellor, mailbox):
    """On 2035-10-28 clocks in London go back: the day before it is UTC+1, then UTC+0."""
    live_abroad(case, counsellor)
    start = at("2035-10-28 18:00")
    book_at(case, room, counsellor, start)
    deliver(at("2035-10-22 15:00"))  # 08:00 in London
    work(start - DAY)  # 11:00 in London, still summer time
    text = part(mails_to(mailbox)[-1], "plain")
    assert "2035-10-28（日）18:00 臺北時間，也就是您那裡的 2035-10-28（日）10:00 (UTC+0)" in text
    work(start - HOUR)
    assert subjects(mailbox)[1:] == [
        "提醒：2035-10-28（日）18:00 臺北時間",
        "快到了：2035-10-28（日）18:00 臺北時間",
    ]


def test_in_spring_the_hour_is_the_new_one(case, room, counsellor, mailbox):
    """On 2036-03-30 clocks in London go forward."""
    live_abroad(case, counsellor)
    for day, hers in (("29", "（六）07:00 (UTC+0)"), ("31", "（一）08:00 (UTC+1)")):
        book_at(case, room, counsellor, at(f"2036-03-{day} 15:00"))
        deliver(BOOKED_AT + 7 * HOUR)  # 10:00 in London
        text = part(mails_to(mailbox)[-1], "plain")
        assert f"您那裡的 2036-03-{day}{hers}" in text


def test_her_morning_decides_when_mail_may_leave(case, room, counsellor, mailbox):
    live_abroad(case, counsellor)
    start = at("2035-10-29 17:30")  # 09:30 in London
    book_at(case, room, counsellor, start)
    deliver(BOOKED_AT + 7 * HOUR)
    remind(start - HOUR - DAY)
    work(start - 2 * HOUR)  # 07:30 in London: nothing due yet but the day before's, which is late
    assert reminders() == [("session_reminder_24h", "waiting", "send window")]
    work(start - HOUR)  # 08:30
    assert [row[1:] for row in reminders()] == [("dropped", "too late"), ("sent", "")]


@pytest.mark.parametrize(
    ("country", "region", "hers"),
    [
        ("JP", "", "15:00 (UTC+9)"),
        ("DE", "Bayern", "08:00 (UTC+2)"),
        ("US", "New York", "02:00 (UTC-4)"),
        ("IN", "", "11:30 (UTC+5:30)"),
        ("US", "somewhere", None),
        ("SG", "", None),
    ],
)
def test_her_time_is_told_where_it_is_known_and_differs(
    case, room, counsellor, mailbox, country, region, hers
):
    live_abroad(case, counsellor, country, region)
    book_at(case, room, counsellor, START)
    Outbox.objects.update(urgent=True)
    deliver(BOOKED_AT + 4 * MINUTE)
    text = part(mails_to(mailbox)[0], "plain")
    assert ("您那裡" in text) == (hers is not None)
    assert (hers or "2035-10-26（五）14:00 臺北時間") in text


def test_who_has_no_address_gets_no_row(case, room, counsellor):
    (person,) = case.people
    person.email = ""
    person.save()
    book_at(case, room, counsellor, START)
    remind(START - DAY)
    assert outbox() == []


def many(session, number: int) -> None:
    """Copy a session; the database forbids no two cases' overlap without their occupancy."""
    CounsellingSession.objects.bulk_create(
        CounsellingSession(
            case=session.case,
            counsellor=session.counsellor,
            room=session.room,
            channel="telephone",
            during=session.during,
            booked_by=session.booked_by,
            booked_at=session.booked_at,
        )
        for _n in range(number)
    )


@pytest.mark.parametrize("number", [10, 500])
def test_a_beat_costs_the_same_queries_for_ten_and_five_hundred(
    booked, number, django_assert_num_queries
):
    many(booked, number)
    with django_assert_num_queries(3):  # two questions, one answer of them all
        remind(START - DAY)
    assert Outbox.objects.filter(kind="session_reminder_24h").count() == number + 1
    with django_assert_num_queries(2):
        remind(START - DAY)


@REAL
def test_beats_in_parallel_write_each_reminder_once(booked):
    many(booked, 20)

    def beat(_n: int) -> None:
        try:
            remind(START - DAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(beat, range(9)))
    assert Outbox.objects.filter(kind="session_reminder_24h").count() == 21
