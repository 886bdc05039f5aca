"""Who is to come to the clinic is told when its address was corrected, by mail or by a person."""

from datetime import time, timedelta

import pytest

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.todo import todos_for
from clinic.organisation.actions import save_premises
from clinic.organisation.models import Room
from sessions.booking.actions import cancel
from sessions.corrected import at_a_corrected_address, tell_of_addresses
from sessions.models import CounsellingSession
from tests.sessions.post import deliver, mails_to, outbox, part
from tests.sessions.test_mails import SOON, START, be, book_at, move_to

MINUTE = timedelta(minutes=1)
LATER = SOON + timedelta(hours=2)
WAY = "50 分鐘，方式：面對面，地點：臺北市文山區%s"
IN_PERSON = {"channel": "in_person", "call_link": ""}
CONFIRMED, CHANGED = ("session_confirmation", "sent", ""), ("session_change", "sent", "")


@pytest.fixture
def told(case, room, counsellor, mailbox):
    """A session in person whose confirmation has left."""
    session = book_at(case, room, counsellor, START, channel="in_person", call_link="")
    deliver(SOON)
    return session


@pytest.fixture
def correct(premises, admin):
    def to(now=LATER, **values):
        return save_premises(premises=premises, values=values, by=admin, now=now)

    return to


def beats(now) -> None:
    """Two beats of one minute, and the mails of the next minutes."""
    for after in (MINUTE, MINUTE, 2 * MINUTE):
        tell_of_addresses(now + after)
    deliver(now + 6 * MINUTE)


def todos(user, now=LATER + MINUTE) -> list[str]:
    return [t.detail for t in todos_for(user, now) if "address was corrected" in str(t.title)]


def test_it_is_told_once_from_which_to_which(told, correct, mailbox):
    correct(street="示範路 21 號")
    beats(LATER)
    beats(LATER + timedelta(hours=1))
    assert outbox() == [CONFIRMED, CHANGED]
    text = part(mails_to(mailbox)[-1], "plain")
    said = ["改的是方式。", "原來：", WAY % "示範路 1 號", WAY % "示範路 21 號"]
    assert [words in text for words in said] == [True] * len(said)
    assert CounsellingSession.objects.get().version == told.version + 1


def test_another_township_is_told_as_well(told, correct, mailbox):
    correct(town_id="65000060")
    beats(LATER)
    text = part(mails_to(mailbox)[-1], "plain")
    assert [words in text for words in ("臺北市文山區示範路 1 號", "新北市新店區示範路 1 號")] == [
        True,
        True,
    ]


def test_each_correction_is_told(told, correct, mailbox):
    for hours, street in ((0, "示範路 21 號"), (1, "示範路 31 號")):
        correct(LATER + timedelta(hours=hours), street=street)
        beats(LATER + timedelta(hours=hours))
    assert outbox() == [CONFIRMED, CHANGED, CHANGED]
    text = part(mails_to(mailbox)[-1], "plain")
    assert [WAY % f"示範路 {number} 號" in text for number in (1, 21, 31)] == [False, True, True]


def lines_of(mail) -> list[str]:
    """What a mail says that it was, and is now."""
    lines = part(mail, "plain").splitlines()
    return [line for line in lines if line.startswith(("您和", "原來：", "現在："))]


def test_of_a_session_moved_before_the_letter_tells_what_she_was_told_last(told, correct, mailbox):
    later = START + timedelta(hours=2)
    move_to(told, later, SOON + 20 * MINUTE, **IN_PERSON)
    deliver(SOON + 25 * MINUTE)
    correct(street="示範路 21 號")
    beats(LATER)
    when = "2035-10-26（五）16:00 臺北時間，"
    assert lines_of(mails_to(mailbox)[-1]) == [
        "您和guyu的約定有變動，改的是方式。",
        f"原來：{when}{WAY % '示範路 1 號'}",
        f"現在：{when}{WAY % '示範路 21 號'}",
    ]


def test_nor_does_it_tell_a_way_that_was_changed_before(case, room, counsellor, correct, mailbox):
    session = book_at(case, room, counsellor, START)
    deliver(SOON)
    move_to(session, START, SOON + 20 * MINUTE, **IN_PERSON)
    deliver(SOON + 25 * MINUTE)
    correct(street="示範路 21 號")
    beats(LATER)
    text = part(mails_to(mailbox)[-1], "plain")
    assert [words in text for words in ("視訊", WAY % "示範路 1 號")] == [False, True]


def test_what_is_put_right_again_is_written_to_her_who_may_have_been_told_of_it(
    told, counsellor, premises, correct, mailbox
):
    """By telephone, where the mail of the correction was given up."""
    old = premises.street
    correct(street="示範路 21 號")
    tell_of_addresses(LATER + MINUTE)
    given_up = {"state": "given_up", "reason": "smtp 550", "finished_at": LATER + 5 * MINUTE}
    Outbox.objects.filter(kind="session_change").update(**given_up)
    correct(LATER + 60 * MINUTE, street=old)
    beats(LATER + 60 * MINUTE)
    assert (len(mailbox), WAY % old in part(mails_to(mailbox)[-1], "plain")) == (2, True)


def test_another_name_or_a_way_at_a_distance_is_no_news(
    told, case, room, counsellor, correct, mailbox
):
    correct(name="新名字")
    beats(LATER)
    CounsellingSession.objects.update(channel="video")
    correct(LATER + timedelta(hours=1), street="示範路 21 號")
    beats(LATER + timedelta(hours=1))
    assert outbox() == [CONFIRMED]


def test_who_was_booked_since_is_told_by_her_confirmation_alone(
    case, room, counsellor, correct, mailbox
):
    correct(SOON - timedelta(days=1), street="示範路 21 號")
    book_at(case, room, counsellor, START, channel="in_person", call_link="")
    beats(SOON)
    assert outbox() == [CONFIRMED]


def test_a_cancelled_session_is_told_of_no_address(told, counsellor, correct, mailbox):
    cancel(session=told, side="clinic", reason="示範", by=counsellor, now=LATER - MINUTE)
    correct(street="示範路 21 號")
    beats(LATER)
    assert outbox("session_change") == []


@pytest.mark.parametrize("values", [{"email": ""}, {"never_mail": True}])
def test_whom_no_mail_reaches_her_psychologist_tells(
    told, counsellor, stranger, correct, mailbox, english, values
):
    be(told.people[0], **values)
    before = todos(counsellor)
    correct(street="示範路 21 號")
    beats(LATER)
    told.room.premises.refresh_from_db()
    address = told.room.premises.full_address
    said = "No mail reaches the client in time. "
    said += f"Tell her in the safe way where to come: {address}"
    assert (before, todos(counsellor), todos(stranger)) == ([], [said], [])
    assert todos(counsellor, START + timedelta(hours=2)) == []


def test_whom_a_mail_reaches_is_no_to_do(told, counsellor, correct, english):
    correct(street="示範路 21 號")
    assert todos(counsellor) == []


def test_a_mail_that_leaves_only_after_the_start_is_a_to_do(
    told, counsellor, correct, mailbox, english
):
    """Her safe hours begin at 18:00, the session at 14:00."""
    be(told.people[0], safe_from=time(18), safe_until=time(20))
    evening = START - timedelta(hours=15)
    correct(evening, street="示範路 21 號")
    beats(evening)
    assert outbox() == [CONFIRMED, ("session_change", "waiting", "send window")]
    assert len(todos(counsellor, evening + 10 * MINUTE)) == 1


def test_so_is_one_that_was_written_too_late(told, counsellor, correct, mailbox, english):
    late = START - 3 * MINUTE
    correct(late, street="示範路 21 號")
    before = todos(counsellor, late)
    tell_of_addresses(late + MINUTE)
    waits = todos(counsellor, late + MINUTE)
    deliver(START + MINUTE)
    assert outbox() == [CONFIRMED, ("session_change", "dropped", "too late")]
    after = todos(counsellor, START + 2 * MINUTE)
    assert [len(found) for found in (before, waits, after)] == [1, 1, 1]


def test_one_that_was_given_up_is_a_to_do_and_one_that_left_is_none(
    told, counsellor, correct, mailbox, english
):
    correct(street="示範路 21 號")
    beats(LATER)
    left = todos(counsellor, LATER + 10 * MINUTE)
    Outbox.objects.filter(kind="session_change").update(state="given_up", reason="smtp 550")
    assert (left, len(todos(counsellor, LATER + 10 * MINUTE))) == ([], 1)


def test_whoever_moved_it_since_has_told_the_right_address(told, counsellor, correct, english):
    be(told.people[0], email="")
    correct(street="示範路 21 號")
    move_to(told, START + timedelta(hours=2), LATER + 30 * MINUTE, **IN_PERSON)
    moved = todos(counsellor, LATER + 40 * MINUTE)
    correct(LATER + 50 * MINUTE, street="示範路 31 號")
    assert (moved, len(todos(counsellor, LATER + 60 * MINUTE))) == ([], 1)


def test_so_has_whoever_chose_the_way_to_the_clinic_since(case, room, counsellor, correct, english):
    be(case.people[0], email="")
    session = book_at(case, room, counsellor, START)
    correct(street="示範路 21 號")
    move_to(session, START, LATER + 30 * MINUTE, **IN_PERSON)
    assert todos(counsellor, LATER + 40 * MINUTE) == []


def test_whoever_chose_another_room_told_nothing(told, counsellor, premises, correct, english):
    be(told.people[0], email="")
    correct(street="示範路 21 號")
    inside = Room.objects.create(premises=premises, name="秋室")
    move_to(told, START, LATER + MINUTE, room=inside, **IN_PERSON)
    assert len(todos(counsellor, LATER + 2 * MINUTE)) == 1


def test_another_room_keeps_no_letter_back(told, premises, correct, mailbox):
    correct(street="示範路 21 號")
    inside = Room.objects.create(premises=premises, name="秋室")
    move_to(told, START, LATER + MINUTE / 2, room=inside, **IN_PERSON)
    beats(LATER)
    assert outbox() == [CONFIRMED, CHANGED]


def test_the_to_dos_of_any_number_of_sessions_cost_the_same(
    told, case, room, counsellor, correct, django_assert_num_queries
):
    correct(street="示範路 21 號")
    for number in range(3):
        book_at(case, room, counsellor, START + (number + 1) * timedelta(days=1), **IN_PERSON)
        with django_assert_num_queries(6):
            list(at_a_corrected_address(counsellor, LATER))


def test_what_was_booked_after_the_last_correction_is_not_even_loaded(
    case, room, counsellor, correct, django_assert_num_queries
):
    correct(SOON - timedelta(days=1), street="示範路 21 號")
    book_at(case, room, counsellor, START, **IN_PERSON)
    for ask in (tell_of_addresses, lambda now: list(at_a_corrected_address(counsellor, now))):
        with django_assert_num_queries(2):
            ask(SOON)


def test_where_no_address_was_corrected_one_query_is_asked(
    told, counsellor, django_assert_num_queries
):
    for ask in (tell_of_addresses, lambda now: list(at_a_corrected_address(counsellor, now))):
        with django_assert_num_queries(1):
            ask(LATER)


def test_without_mail_no_version_is_counted_up(told, correct, mailbox):
    be(told.people[0], email="")
    correct(street="示範路 21 號")
    beats(LATER)
    assert CounsellingSession.objects.get().version == told.version
