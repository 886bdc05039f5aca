"""What is left to do after a session: to end it, and to sign its note."""

from datetime import timedelta

import pytest

from clinic.accounts.actions import change_account, close_account
from clinic.kernel.dates import day_bounds
from clinic.kernel.roles import Role
from sessions.booking.actions import not_attended
from sessions.course.actions import end
from sessions.course.unfinished import left_open, never_begun, never_ended, unsigned
from sessions.models import CounsellingSession
from sessions.notes.actions import save_draft, sign
from tests.sessions.conftest import WORDS

MINUTE = timedelta(minutes=1)


def told(source, user, now) -> list[tuple[str, str]]:
    return [(str(item.title), item.action_url) for item in source(user, now)]


def midnight_after(session) -> object:
    return day_bounds(session.starts_at.date())[1]


def test_a_session_that_was_never_ended_is_a_to_do_half_an_hour_later(
    running, counsellor, supervisor, stranger, oversight, english
):
    late = running.during.upper + 30 * MINUTE
    assert told(never_ended, counsellor, late) == []
    day, code = running.starts_at.date(), running.case.code
    title = f"The session of {day} in {code} was never ended"
    expected = [(title, f"/sessions/{running.pk}/live/")]
    assert told(never_ended, counsellor, late + MINUTE) == expected
    others = [told(never_ended, user, late + MINUTE) for user in (supervisor, stranger)]
    assert others == [[], []]
    end(session=running, by=counsellor, now=late + 2 * MINUTE)
    assert told(never_ended, counsellor, late + 3 * MINUTE) == []


@pytest.mark.parametrize("begun", [False, True])
def test_an_unsigned_note_is_a_to_do_from_midnight_on(ended, counsellor, stranger, english, begun):
    now, revision = midnight_after(ended), 0
    if begun:
        by = {"by": counsellor, "now": ended.ended_at}
        revision = save_draft(session=ended, values=WORDS, revision=0, **by).revision
    assert told(unsigned, counsellor, now - MINUTE) == []
    title = f"The note of {ended.starts_at.date()} in {ended.case.code} is not signed"
    assert told(unsigned, counsellor, now) == [(title, f"/sessions/{ended.pk}/note/")]
    assert told(unsigned, stranger, now) == []
    sign(session=ended, values=WORDS, revision=revision, by=counsellor, now=now)
    assert told(unsigned, counsellor, now) == []


@pytest.mark.parametrize("state", ["cancelled", "not_attended", "booked"])
def test_what_did_not_take_place_has_no_note_to_sign(session, counsellor, state):
    session.state, session.cancelled_side = state, "client" if state == "cancelled" else ""
    session.save()
    now = midnight_after(session)
    assert (told(unsigned, counsellor, now), told(never_ended, counsellor, now)) == ([], [])


def over(like, state, start) -> None:
    """A session of the past by its row alone."""
    kept = {"case": like.case, "counsellor": like.counsellor, "room": like.room}
    row = CounsellingSession(**kept, channel="telephone", state=state)
    row.started_at = None if state == "booked" else start
    row.during, row.ended_at = (start, start + 50 * MINUTE), start if state == "ended" else None
    row.booked_by, row.booked_at = like.counsellor, start
    row.save()


@pytest.mark.parametrize("number", [1, 20])
def test_any_number_of_them_costs_one_query_each(
    session, counsellor, number, now, django_assert_num_queries
):
    for days in range(1, number + 1):
        for state in ("booked", "started", "ended"):
            over(session, state, now - timedelta(days=days))
    for source in (never_begun, never_ended, unsigned):
        with django_assert_num_queries(1):
            assert len(told(source, counsellor, now)) == number


def test_a_session_whose_time_is_over_and_that_never_began_is_a_to_do(
    session, counsellor, supervisor, oversight, english
):
    late = session.during.upper + 30 * MINUTE
    title = f"The session of {session.starts_at.date()} in {session.case.code} was neither begun nor cancelled"
    found = [told(never_begun, counsellor, at) for at in (late, late + MINUTE)]
    assert found == [[], [(title, f"/sessions/{session.pk}/")]]
    assert told(never_begun, supervisor, late + MINUTE) == []
    not_attended(session=session, by=counsellor, now=late)
    assert told(never_begun, counsellor, late + MINUTE) == []


def left_by(counsellor, admin, now) -> list[tuple[str, str]]:
    """What administrators are told once her account is closed, and nobody before or besides."""
    assert told(left_open, admin, now) == []
    close_account(user=counsellor, by=admin, now=now)
    assert told(left_open, counsellor, now) == []
    return told(left_open, admin, now)


LEFT = "guyu no longer sees clients; sessions without a signed note: 1"


def test_who_lost_the_role_is_asked_for_nothing_that_opens_no_more(session, counsellor, admin, now):
    for state in ("booked", "started", "ended"):
        over(session, state, now - timedelta(days=2))
    sources = (never_begun, never_ended, unsigned)
    before = [len(told(source, counsellor, now)) for source in sources]
    change_account(user=counsellor, name="guyu", roles=[Role.ADMIN], by=admin, now=now)
    after = [told(source, counsellor, now) for source in sources]
    assert (before, after) == ([1, 1, 1], [[], [], []])


def test_what_who_left_never_ended_is_told_by_number(running, counsellor, admin, now, english):
    assert left_by(counsellor, admin, now) == [(LEFT, f"/staff/{counsellor.pk}/")]


def test_what_who_left_has_not_signed_is_told_by_number(ended, counsellor, admin, now, english):
    save_draft(session=ended, values=WORDS, revision=0, by=counsellor, now=ended.ended_at)
    assert left_by(counsellor, admin, now) == [(LEFT, f"/staff/{counsellor.pk}/")]


def test_a_signed_note_leaves_nothing_open(ended, counsellor, admin, now):
    sign(session=ended, values=WORDS, revision=0, by=counsellor, now=ended.ended_at)
    close_account(user=counsellor, by=admin, now=now)
    assert told(left_open, admin, now) == []
