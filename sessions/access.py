"""Who may do what with a session."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.cases.access import overseers_of
from clinic.cases.models import Case
from clinic.kernel.action import ask
from clinic.organisation.models import Clinic
from clinic.staff.models import Oversight
from sessions.models import CounsellingSession, SessionQuerySet, StartAttempt

OWN_CASES = _("Only the psychologist of the case does this.")
OWN_SESSIONS = _("Only the psychologist of the session does this.")


def seen_by(user) -> SessionQuerySet:
    """Return the sessions that ``user`` sees."""
    return CounsellingSession.objects.visible_to(user)


def still_running(user) -> bool:
    """Whether a session of ``user`` is in progress: the next one may begin before one is ended."""
    return CounsellingSession.objects.running().filter(counsellor=user).exists()


def booked_in_closed_cases(user, now: datetime) -> SessionQuerySet:
    """Return the sessions of ``user`` to come whose case was closed meanwhile."""
    rows = seen_by(user).booked().filter(counsellor=user, during__endswith__gt=now)
    return rows.filter(case__closed_at__isnull=False).select_related("case").in_order()


def started_despite() -> QuerySet[StartAttempt]:
    """Return the attempts that began with a reason, with session and findings."""
    rows = StartAttempt.objects.filter(started=True, despite=True)
    rows = rows.select_related("by", "session__case", "session__counsellor")
    return rows.prefetch_related("findings")


def ask_for_case(case: Case, by) -> None:
    """Refuse unless ``by`` is the psychologist of the case."""
    ask(case.counsellor_id == by.pk, OWN_CASES)


def ask_for_session(session: CounsellingSession, by) -> None:
    """Refuse unless ``by`` holds the session."""
    ask(session.counsellor_id == by.pk, OWN_SESSIONS)


def overseers(session: CounsellingSession, day: date | None = None) -> list[int]:
    """Return the users who oversee the session's psychologist today; else who is in charge.

    The supervisor of a course answers for the learning, not for the service (G9.3).
    """
    day = day or timezone.localdate()
    rows = overseers_of(session.counsellor, day).exclude(kind=Oversight.Kind.COURSE)
    found = [row.overseer_id for row in rows]
    if found:
        return found
    clinic = Clinic.the_one()
    return [clinic.responsible_id] if clinic and clinic.responsible_id else []
