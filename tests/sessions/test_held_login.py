"""While a session runs no login ends on its psychologist: the crisis page opens at once."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.accounts.actions import close_account, sign_out_everywhere
from clinic.accounts.middleware import SIGNED_IN
from sessions.models import CounsellingSession

MINUTE = timedelta(minutes=1)


def at(moment: datetime):
    return time_machine.travel(moment, tick=False)


def opens(browser, session, moment: datetime) -> bool:
    """Whether the crisis page of a session opens without a new login."""
    with at(moment):
        return browser.get(f"/sessions/{session.pk}/crisis/").status_code == 200


@pytest.fixture
def begun(open_door, counsellor, browse):
    """The browser in which the session was begun on time."""
    with at(open_door.during.lower):
        browser = browse(counsellor)
        browser.post(f"/sessions/{open_door.pk}/start/", {"version": open_door.version})
    return browser


@pytest.fixture
def following(session, book_another) -> CounsellingSession:
    """The next session begins the minute the first is to end."""
    return book_another(session.during.upper, "in_person")


def test_it_lasts_for_half_an_hour_beyond_the_planned_end(begun, open_door):
    end = open_door.during.upper
    assert opens(begun, open_door, end + 29 * MINUTE)
    assert not opens(begun, open_door, end + 61 * MINUTE)


def test_any_browser_with_the_live_page_is_held(running, counsellor, browse):
    """Such as a second device, or after a browser that crashed."""
    start = running.during.lower
    with at(start):
        other = browse(counsellor)
        other.get(f"/sessions/{running.pk}/live/")
    assert opens(other, running, start + 45 * MINUTE)


def test_a_session_that_takes_longer_is_held_on(begun, open_door):
    late = open_door.during.upper + 25 * MINUTE
    with at(late):
        begun.get(f"/sessions/{open_door.pk}/live/")
    assert opens(begun, open_door, late + 29 * MINUTE)


@pytest.mark.parametrize(
    ("sent", "values"),
    [
        ("note/draft/", {"course": "談到工作", "revision": 0}),
        ("note/draft/", {"course": "別的分頁", "revision": 9}),  # refused, and yet a sign of her
        ("events/", {"kind": "paused"}),
    ],
)
def test_writing_or_a_tap_in_one_that_takes_longer_holds_it_on(begun, open_door, sent, values):
    """The live page is not opened anew for it."""
    late = open_door.during.upper + 25 * MINUTE
    with at(late):
        begun.post(f"/sessions/{open_door.pk}/{sent}", values)
    assert opens(begun, open_door, late + 29 * MINUTE)


def test_a_whole_day_of_work_does_not_end_it_while_she_writes(begun, open_door):
    """Nor do the twelve hours of a login."""
    end = open_door.during.upper
    with at(end):
        login = begun.session
        login[SIGNED_IN] = (end - timedelta(hours=11, minutes=50)).timestamp()
        login.save()
    for minutes in range(0, 36, 5):
        with at(end + minutes * MINUTE):
            typed = {"course": f"{minutes}", "revision": minutes // 5}
            kept = begun.post(f"/sessions/{open_door.pk}/note/draft/", typed)
            assert kept.status_code == 200
    assert opens(begun, open_door, end + 36 * MINUTE)


def test_a_note_that_is_written_after_the_end_holds_nothing(begun, open_door):
    end = open_door.during.upper
    with at(end):
        begun.post(f"/sessions/{open_door.pk}/end/")
        begun.post(f"/sessions/{open_door.pk}/note/draft/", {"course": "補記", "revision": 0})
    assert not opens(begun, open_door, end + 31 * MINUTE)


def test_ending_the_one_before_does_not_let_go_of_the_next(begun, open_door, following):
    start = following.during.lower
    with at(start):
        begun.post(f"/sessions/{following.pk}/start/", {"version": following.version})
    with at(start + 2 * MINUTE):
        begun.post(f"/sessions/{open_door.pk}/end/")
    assert opens(begun, following, start + 45 * MINUTE)


def test_after_the_end_silence_ends_it_as_ever(begun, open_door):
    with at(open_door.during.lower + 5 * MINUTE):
        begun.post(f"/sessions/{open_door.pk}/end/")
    assert not opens(begun, open_door, open_door.during.lower + 36 * MINUTE)


def test_who_only_looks_is_not_held(running, supervisor, oversight, browse):
    start = running.during.lower
    with at(start):
        browser = browse(supervisor)
        assert browser.get(f"/sessions/{running.pk}/live/").status_code == 200
    assert not opens(browser, running, start + 31 * MINUTE)


def test_signing_out_everywhere_and_closing_the_account_end_it_at_once(
    begun, open_door, counsellor, admin, browse
):
    soon = open_door.during.lower + 5 * MINUTE
    with at(soon):
        assert opens(begun, open_door, soon)
        sign_out_everywhere(user=counsellor, by=counsellor, now=timezone.now())
        assert not opens(begun, open_door, soon)
        again = browse(counsellor)
        again.get(f"/sessions/{open_door.pk}/live/")
        close_account(user=counsellor, by=admin, now=timezone.now())
        assert not opens(again, open_door, soon)


def test_a_look_at_the_one_before_does_not_shorten_what_holds_for_the_next(
    begun, open_door, following
):
    start = following.during.lower
    with at(start):
        begun.post(f"/sessions/{following.pk}/start/", {"version": following.version})
        begun.get(f"/sessions/{open_door.pk}/live/")
    assert opens(begun, following, following.during.upper + 29 * MINUTE)
