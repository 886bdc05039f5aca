"""What the software notes by itself is evidence: nobody taps it, and nobody takes it back."""

import pytest
import time_machine

from clinic.errors import Refused
from sessions.course.actions import add_event, take_back
from sessions.events import log
from sessions.models import SessionEvent

Kind = SessionEvent.Kind


@pytest.mark.parametrize("kind", sorted(SessionEvent.NOTED_BY_ITSELF))
def test_it_is_no_button(running, counsellor, browse, kind):
    with time_machine.travel(running.during.lower):
        browse(counsellor).post(f"/sessions/{running.pk}/events/", {"kind": kind})
    assert SessionEvent.objects.count() == 0


@pytest.mark.parametrize("kind", sorted(SessionEvent.NOTED_BY_ITSELF))
def test_it_is_not_taken_back(running, counsellor, kind):
    by = {"by": counsellor, "now": running.during.lower}
    event = add_event(session=running, kind=kind, **by)
    with pytest.raises(Refused) as caught:
        take_back(event=event, **by)
    assert (caught.value.code, log(running)) == ("sessions.not_tapped", [event])
