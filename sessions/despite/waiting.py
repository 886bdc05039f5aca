"""To-dos of supervisors, derived by a query: starts with a reason that they have not seen yet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.tasks.todo import Todo
from sessions.despite.access import unseen_by

MOST = 50


def unseen(user: Any, now: datetime) -> Iterator[Todo]:
    """Starts that ``user`` was told of, or has to see in another's place, the oldest first."""
    for attempt in unseen_by(user, now)[:MOST]:
        day = timezone.localdate(attempt.at).isoformat()
        words = {"name": attempt.by.name, "case": attempt.session.case.code, "day": day}
        yield Todo(
            "fix",
            "supervise",
            _("%(name)s started a session with a reason on %(day)s, in %(case)s") % words,
            _("Something was missing. Read the reason and mark it as seen."),
            reverse("session_despite", args=[attempt.pk]),
            _("Read the reason"),
        )
