"""What a letter on a change says that it was before, and names as changed."""

from datetime import timedelta

import pytest

from clinic.organisation.models import Premises, Room
from tests.sessions.post import deliver, mails_to, outbox, part, subject, whole
from tests.sessions.test_mails import SOON, START, be, book_at, move_to


@pytest.fixture
def told(case, room, counsellor, mailbox):
    """A video session whose confirmation has left."""
    session = book_at(case, room, counsellor, START)
    deliver(SOON)
    return session


@pytest.mark.parametrize(
    ("language", "what", "before", "after"),
    [
        (
            "zh-hant",
            "您和guyu的約定有變動，改的是方式。",
            "原來：2035-10-26（五）14:00 臺北時間，50 分鐘，方式：視訊",
            "現在：2035-10-26（五）14:00 臺北時間，50 分鐘，方式：電話，由我們打給您",
        ),
        (
            "en",
            "Your appointment with guyu has changed: how we meet.",
            "Before: Fri 2035-10-26 14:00 Taipei time, 50 minutes, by video",
            "Now: Fri 2035-10-26 14:00 Taipei time, 50 minutes, by telephone; we call you",
        ),
    ],
)
def test_a_change_of_the_way_alone_says_that_it_is_the_way(
    told, mailbox, language, what, before, after
):
    be(told.people[0], letter_language=language)
    move_to(told, START, SOON, channel="telephone", call_link="")
    deliver(SOON + timedelta(minutes=5))
    lines = part(mails_to(mailbox)[-1], "plain").splitlines()
    assert [line for line in lines if line in (what, before, after)] == [what, before, after]


def test_a_neutral_change_says_that_the_way_changed_and_not_which(told, mailbox):
    be(told.people[0], neutral_contact=True)
    move_to(told, START, SOON, channel="telephone", call_link="")
    deliver(SOON + timedelta(minutes=5))
    mail = mails_to(mailbox)[-1]
    assert "您的約定有變動，改的是方式。" in part(mail, "plain")
    assert [word for word in ("視訊", "電話，由") if word in whole(mail)] == []


def test_a_change_names_all_that_changed(told, mailbox):
    move_to(told, START + timedelta(days=1), SOON, channel="in_person", minutes=80)
    deliver(SOON + timedelta(minutes=5))
    text = part(mails_to(mailbox)[-1], "plain")
    assert "改的是時間、長度、方式。" in text
    assert "原來：2035-10-26（五）14:00 臺北時間，50 分鐘，方式：視訊" in text
    assert "現在：2035-10-27（六）14:00 臺北時間，80 分鐘，方式：面對面" in text


def test_moved_and_moved_back_is_said_as_a_confirmation(told, mailbox):
    moved = move_to(told, START + timedelta(days=1), SOON + timedelta(minutes=1))
    move_to(moved, START, SOON + timedelta(minutes=2))
    deliver(SOON + timedelta(minutes=10))
    subjects = [subject(mail) for mail in mails_to(mailbox)]
    assert subjects == ["時間已確認：2035-10-26（五）14:00 臺北時間"] * 2


def test_and_so_it_is_to_an_address_that_no_mail_went_to_before(told, mailbox):
    be(told.people[0], email="right@client.example")
    moved = move_to(told, START + timedelta(days=1), SOON + timedelta(hours=1))
    move_to(moved, START, SOON + timedelta(hours=1, minutes=1))
    deliver(SOON + timedelta(hours=1, minutes=9))
    subjects = [subject(mail) for mail in mails_to(mailbox, "right@client.example")]
    assert subjects == ["時間已確認：2035-10-26（五）14:00 臺北時間"]


def test_in_person_another_house_is_news_and_another_room_is_none(
    case, room, counsellor, premises, town, mailbox
):
    session = book_at(case, room, counsellor, START, channel="in_person")
    deliver(SOON)
    inside = Room.objects.create(premises=premises, name="秋室")
    session = move_to(session, START, SOON, channel="in_person", room=inside)
    assert outbox() == [("session_confirmation", "sent", "")]
    other = Premises.objects.create(name="分所", town=town, street="示範街 2 號")
    away = Room.objects.create(premises=other, name="冬室")
    later = SOON + timedelta(minutes=1)
    move_to(session, START, later, channel="in_person", room=away)
    deliver(SOON + timedelta(minutes=9))
    text = part(mails_to(mailbox)[-1], "plain")
    assert "50 分鐘，方式：面對面，地點：臺北市文山區示範路 1 號" in text
    assert "50 分鐘，方式：面對面，地點：臺北市文山區示範街 2 號" in text
