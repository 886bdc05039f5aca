"""What stops when another way is better than telecounselling (G2.5)."""

from datetime import datetime

from sessions.models import CounsellingSession, Suitability


def stopped_sessions(row: Suitability, now: datetime) -> list[CounsellingSession] | None:
    """Return the booked tele-sessions that may no longer begin because of this assessment.

    None when it stops nothing: its outcome does not, or a later assessment has taken its place;
    "not today" takes none.
    """
    if not row.leaves_tele or Suitability.objects.of_case(row.case).beyond_today().first() != row:
        return None
    return list(row.case.sessions.tele_to_come(now))
