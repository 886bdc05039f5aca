"""What stops when another way is better than telecounselling (G2.5)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

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
    day. Whoever is written to, is not to be told to come. One query.
    """
    booked = [s for s in sessions if s.is_tele and s.state == CounsellingSession.State.BOOKED]
    found = assessments_of({session.case_id for session in booked})
    return [s for s in booked if _stops(found[s.case_id], timezone.localdate(s.during.lower))]


def _stops(found: list[AssessmentFact], day: date) -> bool:
    """Whether the newest assessment, or an older one that it does not lift, stops a session."""
    if not found:
        return False
    newest = found[0]
    not_today = newest.outcome == Suitability.Outcome.NOT_TODAY
    judged = decisive_of(found) or newest
    return judged.leaves_tele or (not_today and timezone.localdate(newest.at) == day)
