"""Who may do what with a session."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.cases.access import overseers_of
from clinic.cases.models import Case
from clinic.kernel.action import ask
from clinic.organisation.models import Clinic
from sessions.models import CounsellingSession, SessionQuerySet

OWN_CASES = _("Only the psychologist of the case does this.")
OWN_SESSIONS = _("Only the psychologist of the session does this.")


def seen_by(user) -> SessionQuerySet:
    """Return the sessions that ``user`` sees."""
    return CounsellingSession.objects.visible_to(user)


def ask_for_case(case: Case, by) -> None:
    """Refuse unless ``by`` is the psychologist of the case."""
    ask(case.counsellor_id == by.pk, OWN_CASES)


def ask_for_session(session: CounsellingSession, by) -> None:
    """Refuse unless ``by`` holds the session."""
    ask(session.counsellor_id == by.pk, OWN_SESSIONS)


def overseers(session: CounsellingSession, day: date | None = None) -> list[int]:
    """Return the users who oversee the session's psychologist today; else who is in charge."""
    day = day or timezone.localdate()
    found = [row.overseer_id for row in overseers_of(session.counsellor, day)]
    if found:
        return found
    clinic = Clinic.the_one()
    return [clinic.responsible_id] if clinic and clinic.responsible_id else []
