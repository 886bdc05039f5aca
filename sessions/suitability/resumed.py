"""What was kept back because of an assessment, and is sent after one by which it may be (G2.5)."""

from collections.abc import Iterable
from datetime import datetime

from clinic.cases.models import Case
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import UNDO
from sessions.emails import ASSESSED_OTHERWISE, NEWS, TOO_LATE, is_overtaken, occasion
from sessions.models import CounsellingSession
from sessions.reminders import REMINDERS, minute
from sessions.suitability.stopping import that_cannot_be


def send_after_all(case: Case, now: datetime) -> None:
    """Let leave what the clients of ``case`` were not told while it was assessed otherwise.

    Each once, and whether it still holds is asked again then. A reminder whose time has gone by,
    or of what the confirmation tells now, stays dropped as too late.
    """
    ahead = [session for session in case.sessions.tele_to_come(now) if now < session.during.lower]
    stopped = {session.pk for session in that_cannot_be(ahead)}
    for session in ahead:
        if session.pk not in stopped:
            _send_after_all(session, now)


def _send_after_all(session: CounsellingSession, now: datetime) -> None:
    kept_back = Outbox.objects.about(occasion(session)).filter(
        state=Outbox.State.DROPPED, reason=ASSESSED_OTHERWISE
    )
    rows = list(kept_back.select_for_update())
    told = {row.recipient for row in rows if row.kind in NEWS and not is_overtaken(row)}
    late = [row.pk for row in rows if _is_late(row, session, told, now)]
    kept_back.filter(pk__in=late).update(reason=TOO_LATE)
    kept_back.exclude(pk__in=late).update(
        state=Outbox.State.WAITING, reason="", finished_at=None, not_before=now + UNDO
    )


def _is_late(row: Outbox, session: CounsellingSession, told: Iterable[str], now: datetime) -> bool:
    """Whether it is a reminder that nobody needs any more."""
    if row.kind not in REMINDERS:
        return False
    latest = session.during.lower - REMINDERS[row.kind].latest
    other_time = row.version != minute(session.during.lower)
    return row.recipient in told or other_time or now + UNDO >= latest
