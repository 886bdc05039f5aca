"""What stops when another way is better than telecounselling (G2.5)."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import takewhile

from django.utils import timezone

from clinic.kernel.audit.models import AuditEntry
from sessions.models import CounsellingSession, Suitability
from sessions.requirements.facts import AssessmentFact, assessments_of, decisive_of


def stopped_sessions(row: Suitability, now: datetime) -> list[CounsellingSession] | None:
    """Return the booked tele-sessions that may no longer begin because of this assessment.

    None when it stops nothing: its outcome does not, or a later assessment has taken its place;
    "not today" takes none.
    """
    if not row.leaves_tele or Suitability.objects.of_case(row.case).beyond_today().first() != row:
        return None
    return list(row.case.sessions.tele_to_come(now))


def that_cannot_be(sessions: Iterable[CounsellingSession]) -> list[CounsellingSession]:
    """Return those booked at a distance that may not take place as their cases are assessed.

    After "in person" or "refer" no later one may, until it is assessed anew; "not today" stops that
    day, and the session for which it was said, until it is moved to another. Whoever is written to,
    is not to be told to come. One query, and one for a session of which that was said.
    """
    booked = [s for s in sessions if s.is_tele and s.state == CounsellingSession.State.BOOKED]
    found = assessments_of({session.case_id for session in booked})
    return [s for s in booked if _stops(found[s.case_id], s)]


def _stops(found: list[AssessmentFact], session: CounsellingSession) -> bool:
    """Whether the newest assessment, or an older one that it does not lift, stops a session."""
    if not found:
        return False
    judged = decisive_of(found) or found[0]
    not_today = takewhile(lambda row: row.outcome == Suitability.Outcome.NOT_TODAY, found)
    return judged.leaves_tele or any(_is_meant(session, row) for row in not_today)


def _is_meant(session: CounsellingSession, not_today: AssessmentFact) -> bool:
    """Whether "not today" means the day of this session."""
    day = timezone.localdate(session.during.lower)
    if timezone.localdate(not_today.at) == day:
        return True
    return not_today.session_id == session.pk and not _moved(session, day, not_today.at)


def _moved(session: CounsellingSession, day: date, since: datetime) -> bool:
    """Whether it stood on another day at that moment: the first move after it says on which."""
    moves = AuditEntry.objects.about(session).filter(verb="session.move", at__gt=since)
    first = moves.order_by("seq").first()
    return first is not None and first.details["old"][:10] != day.isoformat()
