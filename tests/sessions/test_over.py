"""Sessions whose time has passed, or that ended before it: nothing offers to begin them."""

from datetime import datetime, timedelta

import time_machine
from django.utils.translation import override

from sessions.gate import Gate, gate_of
from sessions.models import CounsellingSession
from sessions.todays import slots


def gate(session: CounsellingSession, now: datetime) -> Gate:
    return gate_of(CounsellingSession.objects.with_people().get(pk=session.pk), now)


def stands(session: CounsellingSession, now: datetime) -> tuple[str, str]:
    with override("en"):
        found = gate(session, now)
        return found.tone, found.words


def test_what_never_began_in_its_time_is_over_and_no_page_offers_to_begin_it(
    open_door, counsellor, read
):
    last, over = open_door.during.upper - timedelta(seconds=1), open_door.during.upper
    assert [stands(open_door, at) for at in (last, over)] == [
        ("go", "May start"),
        ("none", "Time is over"),
    ]
    with time_machine.travel(over, tick=False):
        page = read(counsellor).get(f"/sessions/{open_door.pk}/").content.decode()
    offered = [f"/sessions/{open_door.pk}/{act}/" in page for act in ("start", "not-attended")]
    assert offered == [False, True]


def test_a_session_that_ended_before_its_time_is_no_longer_the_next(ended, now):
    (slot,) = slots([gate(ended, now)], ended.counsellor)
    assert (slot.kind, slot.after_now) == ("past", False)
