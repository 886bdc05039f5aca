"""To-dos of notes, derived by queries: interns' signed notes that wait for their supervisor."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.tasks.todo import Todo
from clinic.staff.models import Credential, Oversight
from sessions.access import seen_by
from sessions.models import CounsellingSession, Note, SessionQuerySet

MOST = 50


def waiting_for(user: Any, day: date) -> SessionQuerySet:
    """Sessions of interns overseen by ``user`` on ``day`` whose note waits for her signature.

    None for who has no practice licence in force: she would be refused.
    """
    mine = Oversight.objects.in_force_on(day).of_service().filter(overseer=user)
    rows = seen_by(user).filter(
        Exists(Credential.objects.let_practise(user, day)),
        counsellor__in=mine.values("overseen"),
        note__in=Note.objects.uncosigned(),
    )
    return rows.select_related("case", "counsellor").in_order()


def uncosigned(sessions: Iterable[CounsellingSession]) -> set[int]:
    """Return the ids of those sessions whose note waits so, for whomever; no note is read for it."""
    rows = Note.objects.uncosigned().filter(session__in=[s.pk for s in sessions])
    return set(rows.values_list("session_id", flat=True))


def cosignatures(user: Any, now: datetime) -> Iterator[Todo]:
    """Signed notes of the interns whom ``user`` supervises today, the oldest session first."""
    for session in waiting_for(user, timezone.localdate(now))[:MOST]:
        words = {
            "intern": session.counsellor.name,
            "case": session.case.code,
            "day": session.starts_at.date().isoformat(),
        }
        yield Todo(
            "fix",
            "pen",
            _("%(intern)s has signed the note of %(day)s in %(case)s") % words,
            _("It waits for your signature as supervisor."),
            reverse("session_note", args=[session.pk]),
            _("Read and sign"),
        )
