"""Sessions of the demo's clinic in every state that a page shows, whatever the hour of the day."""

from datetime import datetime, timedelta

from clinic.accounts.models import User
from clinic.cases.models import Case
from clinic.organisation.models import Premises
from clinic.people.models import Person
from sessions.course.actions import add_event
from sessions.models import CounsellingSession, SessionEvent
from sessions.notes.actions import amend, save_draft, sign

NOTE = {"course": "談工作交接的壓力，整理可以說不的事。", "client": "精神穩定，沒有新的危險。"}


def a_session(person: Person, now: datetime, minutes: int, **values) -> CounsellingSession:
    """A session of fifty minutes that begins ``minutes`` from now; booked unless it is said."""
    counsellor = User.objects.get(email="guyu@clinic.example")
    start = now + timedelta(minutes=minutes)
    common = {
        "case": Case.objects.get(participants__person=person),
        "counsellor": counsellor,
        "room": Premises.objects.first().rooms.first(),
        "channel": "video",
        "call_link": "https://video.clinic.example/room",
        "during": (start, start + timedelta(minutes=50)),
        "booked_by": counsellor,
        "booked_at": now - timedelta(days=1),
    }
    made = CounsellingSession.objects.create(**common | values)
    return CounsellingSession.objects.with_people().get(pk=made.pk)


def in_progress(person: Person, now: datetime) -> tuple[CounsellingSession, SessionEvent]:
    """A session in progress with an event and the draft of a note."""
    session = a_session(person, now, -20, state="started", started_at=now - timedelta(minutes=19))
    by = {"by": session.counsellor, "now": now}
    event = add_event(session=session, kind="disconnected", **by)
    save_draft(session=session, values={"course": NOTE["course"]}, revision=0, **by)
    return session, event


def noted(person: Person, now: datetime) -> CounsellingSession:
    """A session that has ended, with a signed note and an amendment."""
    start = now - timedelta(minutes=90)
    times = {"started_at": start, "ended_at": start + timedelta(minutes=50)}
    session = a_session(person, now, -90, state="ended", **times)
    by = {"by": session.counsellor, "now": now}
    note = sign(session=session, values=NOTE, revision=0, **by)
    amend(note=note, text="日期應是星期三。", **by)
    return session
