"""Mails about sessions: one outbox row for each participant, told apart by the session's version."""

from collections.abc import Iterable
from datetime import datetime

from clinic.kernel.outbox.delivery import next_opening
from clinic.kernel.outbox.models import Outbox, OutboxQuerySet
from clinic.kernel.outbox.post import UNDO, post
from clinic.kernel.outbox.registry import resolve
from clinic.people.models import Person
from sessions.models import CounsellingSession

CONFIRMATION, CHANGE, CANCELLATION = (
    "session_confirmation",
    "session_change",
    "session_cancellation",
)
NEWS = (CONFIRMATION, CHANGE)  # what says when the session is
MOVED_ON, NOT_BOOKED = "moved on", "no longer booked"  # why mails are dropped
ASSESSED_OTHERWISE, TOO_LATE = "assessed otherwise", "too late"


def occasion(session: CounsellingSession) -> str:
    """The name of a session in the outbox."""
    return f"session:{session.pk}"


def send(kind: str, session: CounsellingSession, now: datetime) -> None:
    """Write ``kind`` to everyone who takes part. It waits three minutes: staff may take it back.

    Who has no mail address is told by telephone; the session's page says so.
    """
    for person in session.people:
        if person.email:
            _send_to(person, kind, session, now)


def leaves_at(person: Person, now: datetime) -> datetime | None:
    """When a mail written to her ``now`` leaves, in her window of the day; None for never."""
    who = resolve(Outbox(recipient=person.actor_label))
    return next_opening(who, now + UNDO)


def _send_to(person: Person, kind: str, session: CounsellingSession, now: datetime) -> None:
    post(
        kind,
        recipient=person.actor_label,
        occasion=occasion(session),
        version=session.version,
        delay=UNDO,
        now=now,
    )


def tell_again(session: CounsellingSession, now: datetime) -> None:
    """Write of a session that stands again to who does not know yet when it is.

    What still waited to tell her is overtaken by the cancellation, though that never leaves.
    """
    for person in session.people:
        news = Outbox.objects.about(occasion(session)).filter(recipient=person.actor_label)
        newest = news.filter(kind__in=NEWS).first()
        knows = newest and (newest.maybe_twice or newest.state == Outbox.State.SENT)
        if person.email and not knows:
            _send_to(person, CHANGE, session, now)


def all_still_wait(session: CounsellingSession) -> bool:
    """Whether every mail about it still waits. Locked first: no worker takes a locked row."""
    rows = Outbox.objects.about(occasion(session)).select_for_update()
    return all(row.state == Outbox.State.WAITING and not row.maybe_twice for row in rows)


def _of_cancellation(session: CounsellingSession) -> OutboxQuerySet:
    return Outbox.objects.about(occasion(session)).filter(kind=CANCELLATION)


def _told_nobody(rows: Iterable[Outbox]) -> bool:
    untold = (Outbox.State.WAITING, Outbox.State.DROPPED, Outbox.State.HELD)
    return all(row.state in untold and not row.maybe_twice for row in rows)


def cancellation_is_untold(session: CounsellingSession) -> bool:
    """Whether nobody was told of its cancellation, as it looks now: a worker may be about to."""
    return _told_nobody(_of_cancellation(session))


def withdraw_cancellation(session: CounsellingSession, now: datetime) -> bool:
    """Drop what still waits; False where somebody may have been told, by mail or by telephone.

    The rows are locked before they are looked at: no worker takes a locked row.
    """
    about = _of_cancellation(session)
    if not _told_nobody(about.select_for_update()):
        return False
    waiting = about.filter(state=Outbox.State.WAITING)
    waiting.update(state=Outbox.State.DROPPED, reason=MOVED_ON, finished_at=now)
    return True


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
