"""To-dos of suitability, derived by queries: interns' assessments that wait for a psychologist."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.tasks.todo import Todo
from sessions.suitability.access import waiting_for

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
