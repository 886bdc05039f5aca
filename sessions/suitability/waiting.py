"""To-dos of suitability, derived by queries: interns' assessments that wait for a psychologist, and
sessions that cannot take place as assessed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.tasks.todo import Todo
from sessions.access import seen_by
from sessions.suitability.access import waiting_for
from sessions.suitability.stopping import that_cannot_be

MOST = 50


def confirmations(user: Any, now: datetime) -> Iterator[Todo]:
    """Assessments of the interns whom ``user`` supervises today, the oldest first."""
    for row in waiting_for(user, timezone.localdate(now))[:MOST]:
        words = {"intern": row.by.name, "case": row.case.code}
        yield Todo(
            "fix",
            "check",
            _("%(intern)s has assessed suitability in %(case)s") % words,
            _("It counts when you have confirmed it."),
            reverse("suitability", args=[row.case_id, row.pk]),
            _("Read and confirm"),
        )


def assessed_otherwise(user: Any, now: datetime) -> Iterator[Todo]:
    """Booked sessions of ``user`` at a distance that may not take place so, the next first (G2.5).

    Their clients get neither confirmation nor reminder.
    """
    rows = seen_by(user).tele_to_come(now).filter(counsellor=user, case__closed_at=None)
    for session in that_cannot_be(rows.select_related("case"))[:MOST]:
        words = {"case": session.case.code, "day": session.starts_at.date().isoformat()}
        yield Todo(
            "stop",
            "calendar",
            _("The session on %(day)s in %(case)s cannot take place as assessed") % words,
            _(
                "The client is not reminded of it. Move it, hold it in person or cancel it, so that"
                " the client is told."
            ),
            reverse("session", args=[session.pk]),
            _("Open the session"),
        )
