"""The undo of a cancellation: while nobody was told and the time is free, it is as if nothing was."""

from datetime import timedelta

import pytest
import time_machine

from clinic.clients.actions import close_case
from clinic.errors import NotAllowed, Refused
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import Room
from sessions.booking.actions import book, cancel, restore
from sessions.models import CounsellingSession, Occupancy
from sessions.reminders import remind
from tests.sessions.conftest import CALL
from tests.sessions.post import deliver, mails_to, outbox, subject, work
from tests.sessions.test_mails import BOOKED_AT, SOON, START, be, book_at, cancel_at, move_to
from tests.staff.conftest import words

MINUTE = timedelta(minutes=1)
CONFIRMED = "時間已確認：2035-10-26（五）14:00 臺北時間"


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    """Four days ahead; the confirmation waits its three minutes."""
    return book_at(case, room, counsellor, START)


def restore_at(session, now, by=None):
    return restore(session=session, by=by or session.counsellor, now=now)


def subjects(mailbox) -> list[str]:
    return [subject(mail) for mail in mails_to(mailbox)]


def test_a_client_who_was_told_never_learns_of_it(booked, mailbox):
    deliver(SOON)
    before = booked.version
    cancel_at(booked, SOON + MINUTE)
    restore_at(booked, SOON + 2 * MINUTE)
    assert outbox()[1:] == [("session_cancellation", "dropped", "moved on")]
    deliver(SOON + 10 * MINUTE)
    assert subjects(mailbox) == [CONFIRMED]
    row = CounsellingSession.objects.get()
    assert (row.state, row.cancelled_side, row.cancelled_reason) == ("booked", "", "")
    assert row.version == before + 2
    assert set(Occupancy.objects.values_list("released", flat=True)) == {False}


def test_a_client_who_was_not_told_yet_gets_her_confirmation_after_all(booked, mailbox):
    cancel_at(booked, BOOKED_AT + MINUTE)
    restore_at(booked, BOOKED_AT + 2 * MINUTE)
    deliver(SOON + 5 * MINUTE)
    assert subjects(mailbox) == [CONFIRMED]


def test_a_change_that_still_waited_is_told_after_all(booked, mailbox):
    deliver(SOON)
    moved = move_to(booked, START + timedelta(days=1), SOON + MINUTE)
    cancel_at(moved, SOON + 2 * MINUTE)
    restore_at(moved, SOON + 3 * MINUTE)
    deliver(SOON + 10 * MINUTE)
    assert subjects(mailbox) == [CONFIRMED, "約定有變動：2035-10-27（六）14:00 臺北時間"]


def test_a_reminder_that_was_dropped_meanwhile_leaves_after_all(booked, mailbox):
    deliver(SOON)
    day_before = START - timedelta(days=1)
    remind(day_before)
    cancel_at(booked, day_before)
    deliver(day_before + MINUTE)
    assert outbox("session_reminder") == [("session_reminder_24h", "dropped", "no longer booked")]
    restore_at(booked, day_before + 2 * MINUTE)
    work(day_before + 5 * MINUTE)
    assert outbox("session_reminder") == [("session_reminder_24h", "sent", "")]
    assert subjects(mailbox) == [CONFIRMED, "提醒：2035-10-26（五）14:00 臺北時間"]


def test_cancelled_restored_and_cancelled_again_is_told_once(booked, mailbox):
    deliver(SOON)
    cancel_at(booked, SOON)
    restore_at(booked, SOON + MINUTE)
    cancel_at(booked, SOON + 2 * MINUTE)
    deliver(SOON + 9 * MINUTE)
    assert subjects(mailbox) == [CONFIRMED, "已取消：2035-10-26（五）14:00 臺北時間"]


def refused(session, now) -> str:
    with pytest.raises(Refused) as caught:
        restore_at(session, now)
    assert CounsellingSession.objects.get(pk=session.pk).state == "cancelled"
    return caught.value.code


def test_once_the_client_was_told_it_is_too_late(booked, mailbox):
    deliver(SOON)
    cancel_at(booked, SOON)
    deliver(SOON + 4 * MINUTE)
    assert refused(booked, SOON + 5 * MINUTE) == "sessions.told"


def test_a_time_taken_meanwhile_stays_taken(booked, second_case, room, counsellor):
    cancel_at(booked, BOOKED_AT)
    taken = {"case": second_case, "room": room, "channel": "telephone", "start": START}
    book(**taken, minutes=50, by=counsellor, now=BOOKED_AT)
    assert refused(booked, BOOKED_AT + MINUTE) == "sessions.busy"
    assert set(booked.occupancies.values_list("released", flat=True)) == {True}


def test_a_closed_case_is_reopened_first(booked, counsellor):
    cancel_at(booked, BOOKED_AT)
    close_case(case=booked.case, reason="結束", by=counsellor, now=BOOKED_AT)
    assert refused(booked, BOOKED_AT + MINUTE) == "sessions.case_closed"


def test_what_stands_cannot_be_restored_and_nobody_else_may(booked, stranger):
    with pytest.raises(Refused) as caught:
        restore_at(booked, BOOKED_AT)
    assert caught.value.code == "sessions.stands"
    cancel_at(booked, BOOKED_AT)
    with pytest.raises(NotAllowed):
        restore_at(booked, BOOKED_AT, by=stranger)


@pytest.mark.parametrize("values", [{"email": ""}, {"never_mail": True}])
def test_who_is_told_by_other_ways_keeps_nobody_from_taking_it_back(case, booked, mailbox, values):
    be(case.people[0], **values)
    cancel_at(booked, BOOKED_AT)
    deliver(SOON + MINUTE)
    restore_at(booked, SOON + 2 * MINUTE)
    assert CounsellingSession.objects.get().state == "booked"


def test_the_page_offers_the_undo_and_it_works(session, mine, counsellor, now):
    sent = {"side": "client", "reason": "加班", "version": session.version}
    page = mine.post(f"/sessions/{session.pk}/cancel/", sent, follow=True)
    assert "Cancelled." in words(page)
    assert f'action="/sessions/{session.pk}/restore/"' in page.content.decode()
    page = mine.post(f"/sessions/{session.pk}/restore/", follow=True)
    shown = words(page)
    assert ("The session stands again." in shown, "Move or change" in shown) == (True, True)
    assert CounsellingSession.objects.get().call_link == CALL
    page = mine.post(f"/sessions/{session.pk}/restore/", follow=True)
    assert "This session is not cancelled." in words(page)
    history = words(mine.get(f"/sessions/{session.pk}/history/"))
    assert "took the cancellation back" in history


def offers(browser, session) -> bool:
    page = browser.get(f"/sessions/{session.pk}/").content.decode()
    return f'action="/sessions/{session.pk}/restore/"' in page


def test_the_page_of_a_cancelled_session_goes_on_offering_it(session, mine):
    """The toast is gone with the next page."""
    sent = {"side": "client", "reason": "加班", "version": session.version}
    mine.post(f"/sessions/{session.pk}/cancel/", sent, follow=True)
    offered = offers(mine, session)
    mine.post(f"/sessions/{session.pk}/restore/")
    state = CounsellingSession.objects.get().state
    assert (offered, state, offers(mine, session)) == (True, "booked", False)


def told(session, now):
    Outbox.objects.filter(kind="session_cancellation").update(state="sent", finished_at=now)


def half_told(session, now):
    Outbox.objects.filter(kind="session_cancellation").update(maybe_twice=True)


def closed(session, now):
    close_case(case=session.case, reason="結束", by=session.counsellor, now=now)


def without_room(session, now):
    Room.objects.update(active=False)


@pytest.mark.parametrize("meanwhile", [told, half_told, closed, without_room])
def test_the_page_offers_it_no_longer_than_it_is_allowed(session, mine, counsellor, now, meanwhile):
    cancel(session=session, side="client", reason="加班", by=counsellor, now=now)
    before = offers(mine, session)
    meanwhile(session, now)
    with pytest.raises(Refused):
        restore(session=session, by=counsellor, now=now)
    assert (before, offers(mine, session)) == (True, False)


def test_what_is_over_is_not_offered_any_more(session, mine, read, counsellor, now):
    cancel(session=session, side="client", reason="加班", by=counsellor, now=now)
    with time_machine.travel(session.during.upper):
        assert offers(read(counsellor), session) is False


def test_who_only_oversees_is_not_offered_it(session, counsellor, oversight, supervisor, read, now):
    cancel(session=session, side="client", reason="加班", by=counsellor, now=now)
    assert offers(read(supervisor), session) is False


def test_taken_meanwhile_the_page_says_so(session, second_case, room, counsellor, mine, now):
    by = {"by": counsellor, "now": now}
    cancel(session=session, side="client", reason="加班", **by)
    start = session.during.lower
    book(case=second_case, room=room, channel="telephone", start=start, minutes=50, **by)
    page = mine.post(f"/sessions/{session.pk}/restore/", follow=True)
    assert "This time is taken" in words(page)


def test_what_is_over_stays_cancelled_even_for_a_client_whom_no_mail_tells(booked):
    be(booked.people[0], email="")
    cancel_at(CounsellingSession.objects.get(), SOON, side="clinic")
    assert refused(booked, booked.during.upper) == "sessions.past"
    restore_at(booked, booked.during.upper - MINUTE)
    assert CounsellingSession.objects.get().state == "booked"
