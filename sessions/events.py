"""What happened in a session, as it counts: without what was taken back."""

from sessions.models import CounsellingSession, SessionEvent


def log(session: CounsellingSession) -> list[SessionEvent]:
    """Return what counts of the events, newest first: what was taken back is left out."""
    events = list(session.events.all())
    gone = {event.takes_back_id for event in events}
    return [e for e in reversed(events) if e.pk not in gone and not e.takes_back_id]
