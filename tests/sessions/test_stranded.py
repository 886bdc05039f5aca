"""A case or an account that is closed with sessions still booked: somebody has to tell the client."""

from datetime import timedelta

import pytest

from clinic.accounts.actions import change_account, close_account, reopen_account
from clinic.accounts.models import User
from clinic.clients.actions import close_case, reopen_case
from clinic.errors import NotAllowed, Refused
from clinic.kernel.roles import Role
from sessions import mail_states
from sessions.booking.actions import book, cancel
from sessions.booking.stranded import of_who_left, stranded, without_room
from sessions.course.actions import start_despite
from sessions.gate import gates_of
from sessions.models import CounsellingSession
from sessions.reminders import remind
from sessions.todays import slots
from tests.sessions.conftest import overseen
from tests.sessions.phone import BOOKED_AT, START, booked_ahead
from tests.sessions.post import deliver, mails_to, outbox, subject, work
from tests.sessions.test_reminders import move_to
from tests.staff.conftest import words

MINUTE = timedelta(minutes=1)


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    """Four days ahead; nobody was written to yet."""
    return booked_ahead(case, room, counsellor)


def anew(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def titles(user, now) -> list[str]:
    return [str(item.title) for item in stranded(user, now)]


def test_a_session_booked_in_a_closed_case_is_a_to_do_until_it_is_cancelled(
    session, counsellor, stranger, admin, now, english
):
    assert titles(counsellor, now) == []
    close_case(case=session.case, reason="結束", by=counsellor, now=now)
    day, code = session.starts_at.date(), session.case.code
    assert titles(counsellor, now) == [f"A session on {day} is booked in {code}, which is closed"]
    assert (titles(stranger, now), titles(admin, now)) == ([], [])
    assert titles(counsellor, session.during.upper) == []
    cancel(session=session, side="clinic", reason="結案", by=counsellor, now=now)
    assert titles(counsellor, now) == []


def test_reopening_the_case_ends_the_to_do(session, counsellor, now):
    close_case(case=session.case, reason="結束", by=counsellor, now=now)
    reopen_case(case=session.case, by=counsellor, now=now)
    assert titles(counsellor, now) == []


def test_any_number_of_them_costs_one_query(session, counsellor, now, django_assert_num_queries):
    close_case(case=session.case, reason="結束", by=counsellor, now=now)
    with django_assert_num_queries(1):
        assert len(titles(counsellor, now)) == 1


# --- The account of the psychologist is closed -------------------------------------------------------


def test_a_closed_account_with_sessions_is_a_to_do_of_who_oversees_her(
    session, counsellor, supervisor, stranger, admin, oversight, now, english
):
    close_account(user=counsellor, by=admin, now=now)
    day, code = session.starts_at.date(), session.case.code
    assert titles(supervisor, now) == [
        f"A session on {day} is booked in {code}; guyu no longer sees clients"
    ]
    assert (titles(stranger, now), titles(admin, now)) == ([], [])
    reopen_account(user=counsellor, by=admin, now=now)
    assert titles(supervisor, now) == []


def test_who_oversees_only_her_course_is_not_asked(session, counsellor, supervisor, admin, now):
    row = overseen(counsellor, supervisor, now)
    row.kind = "course"
    row.save()
    close_account(user=counsellor, by=admin, now=now)
    assert titles(supervisor, now) == []


def test_administrators_are_told_how_many_sessions_of_whom_and_never_whose(
    session, second_case, room, counsellor, supervisor, admin, now, english
):
    later = session.during.lower + timedelta(days=1)
    values = {"room": room, "channel": "telephone", "start": later, "minutes": 50}
    book(case=second_case, **values, by=counsellor, now=now)
    assert list(of_who_left(admin, now)) == []
    close_account(user=counsellor, by=admin, now=now)
    (item,) = of_who_left(admin, now)
    assert str(item.title) == "guyu no longer sees clients; sessions still booked: 2"
    assert f"The next is on {session.starts_at.date()}." in str(item.detail)
    assert item.action_url == f"/staff/{counsellor.pk}/"
    assert list(of_who_left(supervisor, now)) == []
    assert list(of_who_left(admin, later + timedelta(days=1))) == []


def test_who_oversees_may_cancel_for_her_and_only_then(
    booked, counsellor, supervisor, stranger, admin, oversight, mailbox, read, now
):
    deliver(BOOKED_AT + 4 * MINUTE)
    browser, page = read(supervisor), f"/sessions/{booked.pk}/"
    assert "Cancel the session" not in words(browser.get(page))
    close_account(user=counsellor, by=admin, now=BOOKED_AT)
    shown = words(browser.get(page))
    assert ("Cancel the session" in shown, "Move or change" in shown) == (True, False)
    with pytest.raises(NotAllowed):
        cancel(session=booked, side="clinic", reason="示範", by=stranger, now=BOOKED_AT)
    sent = {"side": "clinic", "reason": "心理師離職", "version": booked.version}
    assert browser.post(f"{page}cancel/", sent).url == page
    deliver(START - timedelta(hours=4))  # by day, when unasked mails leave
    assert (anew(booked).state, titles(supervisor, now)) == ("cancelled", [])
    assert outbox()[-1] == ("session_cancellation", "sent", "")


def test_who_keeps_the_account_without_a_clinical_role_has_left_as_well(
    booked, counsellor, supervisor, admin, oversight, mailbox, english
):
    deliver(BOOKED_AT + 4 * MINUTE)
    by, now = {"by": admin, "now": BOOKED_AT}, START - timedelta(days=1)
    change_account(user=counsellor, name="guyu", roles=[Role.ADMIN], **by)
    work(now)
    assert (outbox("session_reminder"), anew(booked).is_stranded) == ([], True)
    assert titles(supervisor, now) == [
        f"A session on 2035-10-26 is booked in {booked.case.code}; guyu no longer sees clients"
    ]
    assert [str(item.title) for item in of_who_left(admin, now)] == [
        "guyu no longer sees clients; sessions still booked: 1"
    ]
    assert list(User.objects.who_left()) == [u for u in User.objects.all() if u.has_left]
    change_account(user=counsellor, name="guyu", roles=[Role.ADMIN, Role.COUNSELLOR], **by)
    work(now + MINUTE)
    assert outbox("session_reminder") == [("session_reminder_24h", "sent", "")]


def test_a_session_of_who_left_is_not_begun_for_a_reason_either(
    ready, counsellor, supervisor, oversight, admin, read, now
):
    """Begun, it could neither be ended nor cancelled by anybody."""
    page = f"/sessions/{ready.pk}/"
    link = "Write the reason; the psychologist is told"
    assert link in words(read(supervisor).get(page))
    close_account(user=counsellor, by=admin, now=now)
    assert link not in words(read(supervisor).get(page))
    reason = "鏡頭壞了，先以聲音確認身分。"
    with pytest.raises(Refused) as refused:
        start_despite(session=ready, reason=reason, by=supervisor, now=ready.during.lower)
    assert (refused.value.code, anew(ready).state) == ("sessions.stranded", "booked")


def test_closed_accounts_cost_one_query_each_to_do(
    session, counsellor, supervisor, admin, oversight, now, django_assert_num_queries
):
    close_account(user=counsellor, by=admin, now=now)
    with django_assert_num_queries(1):
        assert len(titles(supervisor, now)) == 1
    with django_assert_num_queries(1):
        assert len(list(of_who_left(admin, now))) == 1


@pytest.mark.parametrize("closed", ["room", "premises"])
def test_a_session_in_a_room_out_of_use_is_a_to_do_of_its_psychologist(
    session, room, counsellor, supervisor, oversight, now, mine, closed
):
    assert list(without_room(counsellor, now)) == []
    place = room if closed == "room" else room.premises
    type(place).objects.update(active=False)
    (todo,) = without_room(counsellor, now)
    day, code = session.starts_at.date(), session.case.code
    said = f"春室 is not in use any more; the session on {day} in {code} is booked there"
    assert (str(todo.title), todo.action_url) == (said, f"/sessions/{session.pk}/move/")
    assert list(without_room(supervisor, now)) == []
    assert words(mine.get(f"/sessions/{session.pk}/")).count("春室 not in use any more") == 1


# --- Nobody is told to come ---------------------------------------------------------------------------


def test_a_confirmation_of_a_closed_case_is_dropped_with_its_reason(booked, counsellor, mailbox):
    close_case(case=booked.case, reason="結束", by=counsellor, now=BOOKED_AT + MINUTE)
    deliver(BOOKED_AT + 4 * MINUTE)
    assert (mailbox, outbox()) == ([], [("session_confirmation", "dropped", "case closed")])
    (state,) = mail_states.of(anew(booked), BOOKED_AT)
    assert bool(state.reason)


def test_a_confirmation_of_a_closed_account_is_dropped_with_its_reason(
    booked, counsellor, admin, mailbox
):
    close_account(user=counsellor, by=admin, now=BOOKED_AT + MINUTE)
    deliver(BOOKED_AT + 4 * MINUTE)
    assert (mailbox, outbox()) == ([], [("session_confirmation", "dropped", "account closed")])


def test_a_reminder_that_waits_while_the_case_is_closed_is_dropped(booked, counsellor, mailbox):
    deliver(BOOKED_AT + 4 * MINUTE)
    remind(START - timedelta(days=1))
    close_case(case=booked.case, reason="結束", by=counsellor, now=START - timedelta(days=1))
    deliver(START - timedelta(days=1) + MINUTE)
    assert outbox("session_reminder") == [("session_reminder_24h", "dropped", "case closed")]
    assert len(mailbox) == 1


def test_reminders_are_not_written_while_a_case_is_closed_and_are_once_it_is_open_again(
    booked, counsellor, mailbox
):
    deliver(BOOKED_AT + 4 * MINUTE)
    day_before = START - timedelta(days=1)
    close_case(case=booked.case, reason="結束", by=counsellor, now=day_before - MINUTE)
    work(day_before)
    assert outbox("session_reminder") == []
    reopen_case(case=booked.case, by=counsellor, now=day_before + MINUTE)
    work(day_before + 2 * MINUTE)
    assert outbox("session_reminder") == [("session_reminder_24h", "sent", "")]


def test_a_cancellation_in_a_closed_case_is_told(booked, counsellor, mailbox):
    deliver(BOOKED_AT + 4 * MINUTE)
    close_case(case=booked.case, reason="結束", by=counsellor, now=BOOKED_AT + 5 * MINUTE)
    cancel(session=booked, side="clinic", reason="結案", by=counsellor, now=BOOKED_AT + 5 * MINUTE)
    deliver(BOOKED_AT + 9 * MINUTE)
    assert outbox()[-1] == ("session_cancellation", "sent", "")


def test_a_session_in_progress_is_not_stranded(running, counsellor):
    """Who lost the line in the middle of it has to find back."""
    close_case(case=running.case, reason="結束", by=counsellor, now=running.during.lower)
    assert anew(running).is_stranded is False


# --- What the pages say -------------------------------------------------------------------------------


def test_no_page_says_that_it_may_start(open_door, counsellor, mine):
    """Everything is ready, and the case is closed."""
    page, day = (
        f"/sessions/{open_door.pk}/",
        f"/calendar/?view=day&day={open_door.starts_at.date()}",
    )
    assert "This session may start" in words(mine.get(page))
    close_case(case=open_door.case, reason="結束", by=counsellor, now=open_door.booked_at)
    shown = words(mine.get(page))
    said = (
        "This session cannot begin",
        "The case is closed. Cancel the session",
        "Start the session",
    )
    assert [word in shown for word in said] == [True, True, False]
    assert ("Cannot begin" in words(mine.get(day)), "May start" in words(mine.get(day))) == (
        True,
        False,
    )


def test_today_offers_nothing_but_to_look_at_it(open_door, counsellor):
    now = open_door.during.lower
    close_case(case=open_door.case, reason="結束", by=counsellor, now=now)
    (slot,) = slots(gates_of([anew(open_door)], now), counsellor)
    assert (slot.step, slot.gate.colour) == ("look", "stop")


def test_who_was_never_told_of_a_change_is_reminded_of_the_time_that_counts(
    booked, counsellor, mailbox
):
    """The case was closed by mistake when the mail of the change was to leave."""
    evening, noticed = START - timedelta(hours=17), START - timedelta(hours=5)
    move_to(booked, START + timedelta(hours=2), evening)
    close_case(case=booked.case, reason="示範", by=counsellor, now=evening + MINUTE)
    work(noticed)
    assert outbox("session_change") == [("session_change", "dropped", "case closed")]
    reopen_case(case=booked.case, by=counsellor, now=noticed)
    work(noticed + MINUTE)
    assert subject(mails_to(mailbox)[-1]) == "提醒：2035-10-26（五）16:00 臺北時間"
