"""What was asked at the door of a session that was moved since holds for nothing."""

from datetime import timedelta

import pytest

from clinic.errors import Refused
from clinic.organisation.models import Room
from sessions.booking.actions import move
from sessions.course.actions import start, start_despite
from sessions.door.actions import check_door, newest_answers
from sessions.models import SessionPlace
from sessions.places import Told, places_of
from tests.sessions.conftest import CALL
from tests.sessions.gate_world import agree_on_a_code_word, first_answers, through_the_door
from tests.sessions.test_door import check, fresh


def test_a_place_told_before_a_session_was_moved_is_not_the_place_of_the_day(
    open_door, counsellor, room
):
    at = open_door.during.lower
    (person,) = open_door.people
    abroad = {person.pk: Told("US", "Ohio", None, "1 Sample Road")}
    check(open_door, {}, counsellor, at - timedelta(minutes=5), elsewhere=abroad)
    told = places_of([fresh(open_door)])[open_door.pk][person.pk].country
    week = {"start": at + timedelta(days=7), "minutes": 50, "call_link": CALL}
    now = at - timedelta(minutes=1)
    move(session=open_door, room=room, channel="video", **week, by=counsellor, now=now)
    moved = places_of([fresh(open_door)])[open_door.pk][person.pk]
    assert (told, moved.country, isinstance(moved, SessionPlace)) == ("US", "TW", False)


@pytest.mark.parametrize("changed", ["channel", "room"])
def test_another_way_or_room_asks_every_point_anew(open_door, counsellor, room, premises, changed):
    """An identity shown on video is none by telephone; who can hear is another room's question."""
    at, other = open_door.during.lower, Room.objects.create(premises=premises, name="秋室")
    agree_on_a_code_word(open_door)
    to = {"channel": "telephone", "room": room} if changed == "channel" else {"room": other}
    to = {"channel": "video", "call_link": CALL} | to
    if changed == "channel":
        del to["call_link"]
    before = at - timedelta(minutes=1)
    move(session=open_door, start=at, minutes=50, **to, by=counsellor, now=before)
    moved = fresh(open_door)
    assert newest_answers(moved) == {}
    assert not start(session=moved, version=moved.version, by=counsellor, now=at).started
    through_the_door(moved, at)
    assert start(session=moved, by=counsellor, now=at).started


def test_another_room_does_not_lift_a_stop(open_door, counsellor, premises):
    at, other = open_door.during.lower, Room.objects.create(premises=premises, name="秋室")
    through_the_door(open_door, at, state_today="not_today")
    to = {"room": other, "channel": "video", "call_link": CALL, "start": at, "minutes": 50}
    move(session=open_door, **to, by=counsellor, now=at - timedelta(minutes=5))
    moved = {"session": fresh(open_door), "reason": "要先開始，已說明理由。", "by": counsellor}
    with pytest.raises(Refused) as refused:
        start_despite(**moved, now=at)
    through_the_door(fresh(open_door), at)
    assert refused.value.code == "sessions.stopped"
    assert start(session=fresh(open_door), by=counsellor, now=at).started


def test_what_was_asked_in_one_room_is_not_kept_as_asked_in_another(
    open_door, counsellor, premises
):
    at, other = open_door.during.lower, Room.objects.create(premises=premises, name="秋室")
    seen = {"answers": first_answers(open_door), "elsewhere": {}, "version": open_door.version}
    to = {"room": other, "channel": "video", "call_link": CALL, "start": at, "minutes": 50}
    move(session=open_door, **to, by=counsellor, now=at - timedelta(minutes=5))
    with pytest.raises(Refused) as refused:
        check_door(session=open_door, **seen, by=counsellor, now=at)
    assert (refused.value.code, newest_answers(fresh(open_door))) == ("sessions.changed", {})
