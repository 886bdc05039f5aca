"""Who may do what with a session."""

from datetime import date, datetime

from django.db.models import Count, DateTimeField, Min, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.cases.access import overseers_of
from clinic.cases.models import Case
from clinic.errors import Refused
from clinic.kernel.action import ask
from clinic.organisation.models import Clinic
from clinic.staff.models import Credential, Oversight
from sessions.models import CounsellingSession, SessionQuerySet

OWN_CASES = _("Only the psychologist of the case does this.")
OWN_SESSIONS = _("Only the psychologist of the session does this.")


def seen_by(user) -> SessionQuerySet:
    """Return the sessions that ``user`` sees."""
    return CounsellingSession.objects.visible_to(user)


def still_running(user) -> bool:
    """Whether a session of ``user`` is in progress: the next one may begin before one is ended."""
    return CounsellingSession.objects.running().filter(counsellor=user).exists()


def stranded_for(user, now: datetime) -> SessionQuerySet:
    """Return the stranded sessions that ``user`` is to cancel, with case and psychologist.

    Her own, and those of who left whom she oversees (see ``ask_may_cancel``).
    """
    mine = Oversight.objects.in_force_on(timezone.localdate(now)).filter(overseer=user)
    left = User.objects.who_left().filter(pk__in=mine.of_service().values("overseen"))
    rows = seen_by(user).stranded(now).filter(Q(counsellor=user) | Q(counsellor__in=left))
    return rows.select_related("case", "counsellor").in_order()


def left_behind(now: datetime) -> QuerySet[CounsellingSession]:
    """Return for each psychologist who left: id, name, number of sessions, the next.

    No session and no client is told: administrators see neither.
    """
    rows = CounsellingSession.objects.stranded(now).filter(counsellor__in=User.objects.who_left())
    rows = rows.values("counsellor", "counsellor__name").annotate(
        number=Count("pk"), next=Min(Lower("during", output_field=DateTimeField()))
    )
    return rows.order_by("next", "counsellor")


def without_note_of_who_left() -> QuerySet[CounsellingSession]:
    """Return for each psychologist who left: id, name, number of sessions begun that have no signed
    note. No session and no client is told."""
    begun = CounsellingSession.objects.running() | CounsellingSession.objects.held()
    rows = begun.filter(counsellor__in=User.objects.who_left())
    rows = rows.exclude(note__signed_at__isnull=False)
    rows = rows.values("counsellor", "counsellor__name").annotate(number=Count("pk"))
    return rows.order_by("counsellor__name", "counsellor")


def ask_for_case(case: Case, by) -> None:
    """Refuse unless ``by`` is the psychologist of the case."""
    ask(case.counsellor_id == by.pk, OWN_CASES)


def ask_for_session(session: CounsellingSession, by) -> None:
    """Refuse unless ``by`` holds the session."""
    ask(session.counsellor_id == by.pk, OWN_SESSIONS)


def no_licence(user, day: date) -> Refused | None:
    """Why ``user`` stands by no intern's work on ``day``: her own licence covers it (G1.1, G9.3)."""
    if Credential.objects.let_practise(user, day).exists():
        return None
    return Refused(
        "sessions.no_licence",
        _("You have no practice licence in force today, and an intern works under yours."),
        _("Have your current licence entered, or let another supervisor with one do this."),
    )


def ask_licensed(by, day: date) -> None:
    """Refuse unless ``by`` has a practice licence in force on ``day``."""
    if why := no_licence(by, day):
        raise why


def ask_may_cancel(session: CounsellingSession, by) -> None:
    """Refuse unless ``by`` holds the session, or oversees who held it and has left."""
    ask(may_cancel(session, by), OWN_SESSIONS)


def may_cancel(session: CounsellingSession, user) -> bool:
    """Whether ``user`` may cancel: where she left, nobody else could tell the client."""
    if session.counsellor_id == user.pk:
        return True
    return session.counsellor.has_left and user.pk in overseers(session)


def told_of_despite(session: CounsellingSession, by) -> set[int]:
    """Return the users who are told when ``by`` starts it with a reason: the psychologist too."""
    return {session.counsellor_id, *overseers(session)} - {by.pk}


def overseers(session: CounsellingSession, day: date | None = None) -> list[int]:
    """Return the users who oversee the session's psychologist today; else who is in charge.

    Nobody oversees herself: where the session is hers who is in charge, there is none.
    """
    day = day or timezone.localdate()
    found = [row.overseer_id for row in overseers_of(session.counsellor, day).of_service()]
    if found:
        return found
    clinic = Clinic.the_one()
    found = [clinic.in_charge.pk] if clinic and clinic.in_charge else []
    return [pk for pk in found if pk != session.counsellor_id]
