"""To-dos after a session, derived by queries: one that was never ended, a note that nobody signed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.dates import day_bounds
from clinic.kernel.tasks.todo import Todo
from sessions.access import seen_by, without_note_of_who_left
from sessions.models import CounsellingSession

LATE = timedelta(minutes=30)  # beyond the planned end
MOST = 50


def never_ended(user: Any, now: datetime) -> Iterator[Todo]:
    """Sessions of ``user`` still in progress half an hour after their planned end, oldest first."""
    rows = seen_by(user).running().of_counsellor(user)
    for session in rows.filter(during__endswith__lt=now - LATE)[:MOST]:
        yield Todo(
            "fix",
            "end",
            _("The session of %(day)s in %(case)s was never ended") % _words(session),
            _("Its note can be signed only after that."),
            reverse("session_live", args=[session.pk]),
            _("End it"),
        )


def never_begun(user: Any, now: datetime) -> Iterator[Todo]:
    """Sessions of ``user`` whose time is over, neither begun nor cancelled, the oldest first."""
    rows = seen_by(user).booked().of_counsellor(user)
    for session in rows.filter(during__endswith__lt=now - LATE)[:MOST]:
        yield Todo(
            "fix",
            "calendar",
            _("The session of %(day)s in %(case)s was neither begun nor cancelled")
            % _words(session),
            _("Note that the client did not come, or cancel it."),
            reverse("session", args=[session.pk]),
            _("Open the session"),
        )


def left_open(user: Any, now: datetime) -> Iterator[Todo]:
    """Who left with sessions not ended or notes not signed, for administrators: how many."""
    if not user.is_admin:
        return
    for row in without_note_of_who_left()[:MOST]:
        words = {"name": row["counsellor__name"], "number": row["number"]}
        yield Todo(
            "fix",
            "pen",
            _("%(name)s no longer sees clients; sessions without a signed note: %(number)s")
            % words,
            _(
                "Nobody else can sign. Open the account again, or give back the role, until it is done."
            ),
            reverse("member", args=[row["counsellor"]]),
            _("Look"),
        )


def unsigned(user: Any, now: datetime) -> Iterator[Todo]:
    """Notes of ``user`` not signed by the end of the session's day, the oldest first."""
    today, _tomorrow = day_bounds(timezone.localdate(now))
    rows = seen_by(user).without_signed_note().of_counsellor(user)
    for session in rows.filter(during__startswith__lt=today)[:MOST]:
        yield Todo(
            "fix",
            "pen",
            _("The note of %(day)s in %(case)s is not signed") % _words(session),
            _("A signed note cannot be changed any more; amendments stand beside it."),
            reverse("session_note", args=[session.pk]),
            _("Write and sign"),
        )


def _words(session: CounsellingSession) -> dict[str, str]:
    return {"case": session.case.code, "day": session.starts_at.date().isoformat()}
