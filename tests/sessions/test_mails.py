"""Letters on sessions: what they say and never say, and that each asks again before it leaves."""

import re
from datetime import timedelta

import pytest

from clinic.clients.place_actions import add_place
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from sessions import mail_states
from sessions.booking.actions import book, cancel, move, unbook
from sessions.emails import tell
from sessions.models import CounsellingSession, StartAttempt
from tests.kernel.test_letters import letter
from tests.sessions.conftest import CALL
from tests.sessions.post import at, deliver, event_of, mails_to, outbox, part, subject, whole
from tests.staff.conftest import loose

BOOKED_AT = at("2035-10-22 10:00")
START = at("2035-10-26 14:00")
SOON = BOOKED_AT + timedelta(minutes=4)
TELLING = re.compile("諮商|心理|counsel|psych|therap", re.IGNORECASE)


@pytest.fixture
def client_person(case):
    (person,) = case.people
    return person


@pytest.fixture
def booked(case, room, counsellor):
    """Four days ahead, so that every mail has its time."""
    return book_at(case, room, counsellor, START)


def book_at(case, room, counsellor, start, **values) -> CounsellingSession:
    values = {"channel": "video", "minutes": 50, "call_link": CALL} | values
    return book(case=case, room=room, start=start, by=counsellor, now=BOOKED_AT, **values)


def move_to(session, start, now=BOOKED_AT + timedelta(minutes=1), **values) -> CounsellingSession:
    values = {"channel": "video", "minutes": 50, "call_link": CALL, "room": session.room} | values
    return move(session=session, start=start, by=session.counsellor, now=now, **values)


def cancel_at(session, now, side="clinic"):
    return cancel(session=session, side=side, reason="示範", by=session.counsellor, now=now)


def be(person, **values) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    person.save()


def test_a_confirmation_leaves_after_three_minutes_and_says_when_and_how(booked, mailbox):
    deliver(BOOKED_AT + timedelta(minutes=2))
    assert mailbox == []
    deliver(SOON)
    (mail,) = mails_to(mailbox)
    assert subject(mail) == "時間已確認：2035-10-26（五）14:00 臺北時間"
    text, link = part(mail, "plain"), Link.objects.get(purpose="appointment")
    said = ("江小滿", "guyu", "2035-10-26（五）14:00 臺北時間", "50 分鐘", "視訊", "0000-000-001")
    assert [word in text for word in said] == [True] * len(said)
    assert link.token in text
    assert link.expires_at == booked.during.upper + timedelta(hours=2)
    assert CALL not in whole(mail)


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("channel", ["video", "telephone", "in_person"])
def test_each_way_has_its_words_in_both_languages(
    case, client_person, room, counsellor, mailbox, language, channel
):
    be(client_person, letter_language=language)
    book_at(case, room, counsellor, START, channel=channel)
    deliver(SOON)
    text = part(mails_to(mailbox)[0], "plain")
    words = {
        ("zh-hant", "video"): "方式：視訊",
        ("zh-hant", "telephone"): "方式：電話，由我們打給您",
        ("zh-hant", "in_person"): "方式：面對面，地點：臺北市文山區示範路 1 號",
        ("en", "video"): "by video",
        ("en", "telephone"): "by telephone; we call you",
        ("en", "in_person"): "in person at",
    }
    assert words[language, channel] in text
    assert ("隱密" in text or "private" in text) == (channel != "in_person")


def test_subject_sender_and_calendar_tell_nothing(booked, mailbox):
    deliver(SOON)
    (mail,) = mails_to(mailbox)
    seen = f"{mail['Subject']} {mail['From']} {part(mail, 'calendar')}"
    assert TELLING.findall(seen) == []
    assert "guyu" not in seen


def test_a_neutral_letter_names_neither_psychologist_nor_clinic_nor_way(
    booked, client_person, mailbox
):
    be(client_person, neutral_contact=True)
    deliver(SOON)
    (mail,) = mails_to(mailbox)
    words = ("guyu", "廿四節氣", "0000-000-001", "江小滿", "視訊", "文山")
    assert [word for word in words if word in whole(mail)] == []
    assert TELLING.findall(whole(mail)) == []
    assert "2035-10-26（五）14:00 臺北時間" in part(mail, "plain")
    assert "0000-000-002" in part(mail, "plain")


@pytest.mark.parametrize(("neutral", "told"), [(False, 2), (True, 0)])
def test_a_neutral_letter_does_not_tell_by_the_clock_where_she_will_be(
    case, client_person, room, counsellor, mailbox, neutral, told
):
    """Whoever reads along could tell the country from it; the calendar file knows her own time."""
    be(client_person, neutral_contact=neutral)
    abroad = {"label": "家", "country": "JP", "region": "Osaka", "street": "1-1", "usual": True}
    add_place(person=client_person, values=abroad, by=counsellor, now=BOOKED_AT)
    book_at(case, room, counsellor, START, channel="in_person")
    deliver(SOON)
    (mail,) = mails_to(mailbox)
    letters = [loose(part(mail, kind)) for kind in ("plain", "html")]
    assert sum(letter.count("15:00 (UTC+9)") for letter in letters) == told
    assert "2035-10-26（五）14:00 臺北時間" in part(mail, "plain")


def test_a_booking_taken_back_at_once_is_never_told(booked, mailbox):
    unbook(session=booked, by=booked.counsellor, now=BOOKED_AT + timedelta(minutes=1))
    deliver(SOON)
    assert (mailbox, outbox()) == (
        [],
        [("session_confirmation", "dropped", "no longer booked")],
    )


def test_moved_before_anybody_was_told_is_one_confirmation_of_the_new_time(booked, mailbox):
    move_to(booked, START + timedelta(days=1))
    deliver(SOON + timedelta(minutes=1))
    (mail,) = mails_to(mailbox)
    assert subject(mail) == "時間已確認：2035-10-27（六）14:00 臺北時間"
    assert outbox() == [
        ("session_confirmation", "dropped", "moved on"),
        ("session_change", "sent", ""),
    ]


def test_a_change_says_the_time_that_was_told_before_through_two_moves(booked, mailbox):
    deliver(SOON)
    later = SOON + timedelta(hours=1)
    moved = move_to(booked, START + timedelta(days=1), later)
    move_to(moved, START + timedelta(days=2), later + timedelta(minutes=1))
    deliver(later + timedelta(minutes=10))
    first, change = mails_to(mailbox)
    assert subject(change) == "約定有變動：2035-10-28（日）14:00 臺北時間"
    text = part(change, "plain")
    assert "原來：2035-10-26（五）14:00 臺北時間" in text
    assert ("2035-10-27" in text, "現在：2035-10-28（日）14:00 臺北時間" in text) == (False, True)
    old, new = event_of(first)[1], event_of(change)[1]
    assert (new["uid"], new["sequence"] > old["sequence"]) == (old["uid"], True)


def test_another_room_or_link_writes_nothing_and_holds_nothing_back(booked, mailbox):
    move_to(booked, START, call_link="https://video.clinic.example/other")
    deliver(SOON)
    assert outbox() == [("session_confirmation", "sent", "")]


def test_a_cancellation_goes_to_who_was_told_and_says_by_whom(booked, mailbox):
    deliver(SOON)
    cancel_at(booked, SOON, side="client")
    deliver(SOON + timedelta(minutes=5))
    _first, mail = mails_to(mailbox)
    assert subject(mail) == "已取消：2035-10-26（五）14:00 臺北時間"
    calendar, event = event_of(mail)
    assert (calendar["method"], event["status"]) == ("CANCEL", "CANCELLED")


def test_a_cancellation_of_what_nobody_knew_is_dropped(booked, mailbox):
    cancel_at(booked, BOOKED_AT + timedelta(minutes=1))
    deliver(SOON + timedelta(minutes=5))
    assert (mailbox, outbox()) == (
        [],
        [
            ("session_confirmation", "dropped", "no longer booked"),
            ("session_cancellation", "dropped", "nobody was told"),
        ],
    )


def test_a_confirmation_after_the_start_is_dropped(booked, mailbox):
    deliver(START)
    assert (mailbox, outbox()) == ([], [("session_confirmation", "dropped", "too late")])


def test_who_has_no_address_is_told_by_telephone(case, client_person, room, counsellor):
    be(client_person, email="")
    case.refresh_from_db()
    session = book_at(case, room, counsellor, START)
    assert outbox() == []
    (state,) = mail_states.of(session, BOOKED_AT)
    assert (state.person, state.state) == ("江小滿", "fix")


def test_where_an_address_is_gone_meanwhile_the_psychologist_of_the_session_telephones(
    booked, client_person, counsellor, mailbox
):
    be(client_person, email="")
    deliver(SOON)
    told = [(t.kind, t.owner, t.about) for t in Task.objects.all()]
    assert told == [("no_address", counsellor, client_person.actor_label)]


def test_who_must_not_be_written_to_is_held_and_the_page_can_say_so(booked, client_person, mailbox):
    be(client_person, never_mail=True)
    deliver(SOON)
    (state,) = mail_states.of(booked, SOON)
    assert (mailbox, outbox()[0][1], state.state) == ([], "held", "fix")
    assert str(state.reason)


def test_the_states_of_all_mails_cost_one_query(booked, django_assert_num_queries, mailbox):
    deliver(SOON)
    cancel_at(booked, SOON)
    session = CounsellingSession.objects.with_people().get(pk=booked.pk)
    with django_assert_num_queries(1):
        states = mail_states.of(session, SOON)
    assert [state.state for state in states] == ["info", "go"]


def test_the_overseer_reads_the_code_of_the_case_and_nothing_else(booked, supervisor, mailbox):
    values = {"number": 1, "started": True, "despite": True, "despite_reason": "鏡頭壞了"}
    attempt = StartAttempt(session=booked, by=booked.counsellor, at=BOOKED_AT, **values)
    attempt.save()
    tell("start_despite", booked, supervisor.pk, BOOKED_AT)
    deliver(BOOKED_AT)
    (mail,) = mails_to(mailbox, supervisor.email)
    assert booked.case.code in part(mail, "plain")
    assert f"/despite/{attempt.pk}/" in part(mail, "plain")
    assert "鏡頭壞了" not in whole(mail)
    assert ["江小滿" in whole(mail), "guyu" in whole(mail)] == [False, False]
    assert TELLING.findall(f"{mail['Subject']} {mail['From']}") == []


def test_mails_of_one_session_carry_the_same_link_and_a_corrected_address_another(
    booked, client_person, mailbox
):
    deliver(SOON)
    move_to(booked, START + timedelta(days=1), SOON)
    deliver(SOON + timedelta(minutes=5))
    (link,) = Link.objects.filter(purpose="appointment")
    assert [link.token in part(mail, "plain") for mail in mails_to(mailbox)] == [True, True]
    be(client_person, email="new@client.example")
    cancel_at(CounsellingSession.objects.get(pk=booked.pk), SOON + timedelta(hours=1))
    deliver(SOON + timedelta(hours=2))
    (last,) = mails_to(mailbox, "new@client.example")
    assert link.token not in part(last, "plain")


def test_a_second_copy_keeps_its_message_id(booked, mailbox):
    deliver(SOON)
    Outbox.objects.update(state="waiting", finished_at=None)
    deliver(SOON)
    first, second = mails_to(mailbox)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("kind", "neutral", "said"),
    [
        ("session_confirmation", False, "You have an appointment with 穀雨: {}, for 50 minutes, "),
        ("session_confirmation", True, "Your appointment: {}, for 50 minutes."),
        ("session_reminder_24h", False, "A reminder of your appointment with 穀雨: {}, for 50 "),
        ("session_reminder_24h", True, "A reminder of your appointment: {}."),
        ("session_cancellation", False, "Your appointment with 穀雨 on {} has been cancelled"),
        ("session_cancellation", True, "Your appointment on {} has been cancelled"),
    ],
)
def test_the_day_of_an_appointment_reads_well_in_english(kind, neutral, said):
    day = "Wed 2026-11-25 15:00 Taipei time"
    values = {"practitioner_name": "穀雨", "times": day, "duration": "50"}
    assert said.format(day) in letter(kind, "en", neutral=neutral, **values).text
