"""Mails about sessions: one outbox row for each participant, told apart by the session's version."""

from datetime import datetime

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import UNDO, post
from sessions.models import CounsellingSession

CONFIRMATION, CHANGE, CANCELLATION = (
    "session_confirmation",
    "session_change",
    "session_cancellation",
)
NEWS = (CONFIRMATION, CHANGE)  # what says when the session is


def occasion(session: CounsellingSession) -> str:
    """The name of a session in the outbox."""
    return f"session:{session.pk}"


def send(kind: str, session: CounsellingSession, now: datetime) -> None:
    """Write ``kind`` to everyone who takes part. It waits three minutes: staff may take it back.

    Who has no mail address is told by telephone; the session's page says so.
    """
    for person in session.people:
        if person.email:
            post(
                kind,
                recipient=person.actor_label,
                occasion=occasion(session),
                version=session.version,
                delay=UNDO,
                now=now,
            )


def tell(kind: str, session: CounsellingSession, user_id: int, now: datetime) -> None:
    """Write ``kind`` to a member of staff, at once."""
    post(
        kind,
        recipient=f"user:{user_id}",
        occasion=occasion(session),
        version=session.version,
        urgent=True,
        now=now,
    )


def left(row: Outbox, kinds: tuple[str, ...]) -> Outbox | None:
    """Return the newest other mail of ``kinds`` that may have reached the recipient of ``row``."""
    about = Outbox.objects.about(row.occasion).filter(recipient=row.recipient, kind__in=kinds)
    return about.exclude(pk=row.pk).that_may_have_arrived().first()


def is_overtaken(row: Outbox) -> bool:
    """Whether a later mail about the session was written to the same person."""
    about = Outbox.objects.about(row.occasion).filter(recipient=row.recipient)
    return about.filter(kind__in=(CHANGE, CANCELLATION), version__gt=row.version).exists()
