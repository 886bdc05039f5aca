"""To-dos of booking, derived by a query: what is still booked in a case that was closed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.kernel.tasks.todo import Todo
from sessions.access import booked_in_closed_cases

MOST = 50


def stranded(user: Any, now: datetime) -> Iterator[Todo]:
    """Sessions of ``user`` that cannot begin although their clients expect them, the next first."""
    for session in booked_in_closed_cases(user, now)[:MOST]:
        words = {"case": session.case.code, "day": session.starts_at.date().isoformat()}
        yield Todo(
            "stop",
            "calendar",
            _("A session on %(day)s is booked in %(case)s, which is closed") % words,
            _("It cannot begin. Cancel it, so that the client is told, or reopen the case."),
            reverse("session", args=[session.pk]),
            _("Open the session"),
        )
