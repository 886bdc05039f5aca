"""Two windows on one form: what was answered in one is not undone unseen by the other."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.errors import Refused
from clinic.kernel.dates import meeting
from clinic.kernel.stale import FIELD
from clinic.organisation.models import Town
from sessions.booking.actions import cancel, move
from sessions.door.actions import check_door, newest_answers
from sessions.models import CounsellingSession, DoorCheck, Suitability
from sessions.places import Told
from tests.sessions.assessing import TALK, assess, full_form
from tests.sessions.gate_world import first_answers
from tests.staff.conftest import words

STARTED = re.compile(rf'name="{FIELD}" value="([^"]+)"')
SEEN = re.compile(r'name="seen"[^>]*value="(\d+)"')
STATE = DoorCheck.Point.STATE_TODAY


def seen_on(page) -> str:
    return SEEN.search(page.content.decode())[1]


@pytest.fixture
def at(open_door):
    """The moment at which the session begins."""
    with time_machine.travel(open_door.during.lower, tick=False):
        yield open_door.during.lower


def test_a_stop_at_the_door_is_not_undone_by_an_older_window(open_door, counsellor, read, at):
    browser, page = read(counsellor), f"/sessions/{open_door.pk}/door/"
    (person,) = open_door.people
    shown = browser.get(page)
    older = {"seen": seen_on(shown)} | {
        name: field.choices[0][0]
        for name, field in shown.context["form"].fields.items()
        if re.fullmatch(r"[a-z_]+(_\d+)?", name)
        and name.split("_")[0] not in ("county", "town", "country")
        and getattr(field, "choices", None)
    }
    stop = first_answers(open_door, state_today="not_today")
    check_door(session=open_door, answers=stop, elsewhere={}, by=counsellor, now=at)
    refused = browser.post(page, older)
    fresh = CounsellingSession.objects.with_people().get()
    assert (refused.status_code, newest_answers(fresh)[STATE, person.pk]) == (200, "not_today")
    assert "answered in another window meanwhile" in refused.content.decode()
    kept = browser.post(page, older | {"seen": seen_on(refused)})
    assert (kept.status_code, newest_answers(fresh)[STATE, person.pk] == "not_today") == (
        302,
        False,
    )


def test_a_full_form_opened_before_a_stop_does_not_lift_it(case, counsellor, read, now):
    assess(case, timezone.now() - timedelta(days=1))
    browser, page = read(counsellor), f"/cases/{case.pk}/suitability/new/"
    seen = seen_on(browser.get(page, {"kind": "full"}))
    stop = assess(case, timezone.now() - timedelta(minutes=5), outcome="face_to_face", details=TALK)
    refused = browser.post(page, full_form(seen=seen))
    assert (refused.status_code, Suitability.objects.of_case(case).first()) == (200, stop)
    kept = browser.post(page, full_form(seen=seen_on(refused)))
    assert (kept.status_code, Suitability.objects.of_case(case).first().outcome) == (302, "proceed")


def test_another_address_told_in_an_older_window_is_not_kept_unseen(open_door, counsellor, at):
    (person,) = open_door.people
    town = Town.objects.get(pk="63000080")
    here, there = (Told("TW", "", town, street) for street in ("示範路 1 號", "示範路 2 號"))
    told = {"session": open_door, "answers": {}, "by": counsellor, "now": at}
    check_door(**told, elsewhere={person.pk: here}, seen=None)
    with pytest.raises(Refused) as refused:
        check_door(**told, elsewhere={person.pk: there}, seen=0)
    assert refused.value.code == "sessions.door_newer"


def test_the_first_assessment_pressed_twice_is_kept_once(case, counsellor, read):
    browser, page = read(counsellor), f"/cases/{case.pk}/suitability/new/"
    codes = [browser.post(page, full_form(seen="")).status_code for _press in range(2)]
    assert (codes, Suitability.objects.of_case(case).count()) == ([302, 302], 1)


def sent_again(page) -> dict[str, str]:
    """What a browser sends of the form as the page shows it now."""
    form = page.context["form"]
    shown = {name: str(form[name].value()) for name in form.fields}
    return shown | {FIELD: STARTED.search(page.content.decode())[1]}


def test_a_session_moved_in_one_window_is_shown_as_it_is_now_in_the_other(
    session, room, mine, counsellor, now
):
    url = f"/sessions/{session.pk}/move/"
    older = sent_again(mine.get(url))
    start = session.starts_at + timedelta(hours=3)
    values = {"room": room, "channel": "video", "minutes": 50, "call_link": session.call_link}
    move(session=session, **values, start=start, by=counsellor, now=now)
    refused = mine.post(url, older | {"time": "16:00", "minutes": "40"})
    told, changed = "Changed meanwhile; shown as it is now.", CounsellingSession.objects.get()
    assert (refused.status_code, changed.starts_at, changed.minutes) == (200, start, 50)
    assert refused.context["form"].errors == {
        "time": [f"{told} This page had: 16:00"],
        "version": [told],
    }
    shown = sent_again(refused)
    assert (shown["time"], shown["minutes"]) == (f"{start:%H:%M}", "40")
    assert mine.post(url, shown).status_code == 302
    moved = CounsellingSession.objects.get()
    assert (moved.starts_at, moved.minutes) == (start, 40)


def test_a_session_moved_in_one_window_is_not_cancelled_unseen_in_the_other(
    session, room, mine, counsellor, now
):
    url = f"/sessions/{session.pk}/cancel/"
    older = sent_again(mine.get(url)) | {"side": "client", "reason": "加班"}
    start = session.starts_at + timedelta(hours=3)
    values = {"room": room, "channel": "video", "minutes": 50, "call_link": session.call_link}
    move(session=session, **values, start=start, by=counsellor, now=now)
    refused = mine.post(url, older)
    assert refused.context["form"].errors == {"version": ["Changed meanwhile; shown as it is now."]}
    assert f"{meeting(start)}: time and room become free." in words(refused)
    assert CounsellingSession.objects.get().state == "booked"
    assert mine.post(url, sent_again(refused)).status_code == 302
    assert CounsellingSession.objects.get().state == "cancelled"


def test_what_changes_between_the_look_and_the_lock_is_refused(session, counsellor, now):
    by = {"side": "client", "reason": "加班", "by": counsellor, "now": now}
    with pytest.raises(Refused) as refused:
        cancel(session=session, version=session.version + 1, **by)
    assert refused.value.code == "sessions.changed"
    assert cancel(session=session, version=session.version, **by).state == "cancelled"
