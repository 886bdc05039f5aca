"""To-dos of booking, derived by queries: what is booked and cannot begin, or not in its room."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.tasks.todo import Todo
from sessions.access import left_behind, seen_by, stranded_for
from sessions.models import CounsellingSession

MOST = 50


def stranded(user: Any, now: datetime) -> Iterator[Todo]:
    """Sessions that cannot begin although their clients expect them, the next first.

    For the psychologist, and for who oversees one that has left: both may cancel.
    """
    for session in stranded_for(user, now)[:MOST]:
        title, detail = _words(session)
        yield Todo(
            "stop",
            "calendar",
            title,
            detail,
            reverse("session", args=[session.pk]),
            _("Open the session"),
        )


def without_room(user: Any, now: datetime) -> Iterator[Todo]:
    """Sessions of ``user`` in a room that was taken out of use since, the next first (A3)."""
    closed = Q(room__active=False) | Q(room__premises__active=False)
    rows = seen_by(user).to_come(now).of_counsellor(user).filter(closed, case__closed_at=None)
    for session in rows.select_related("case", "room")[:MOST]:
        words = {"case": session.case.code, "day": session.starts_at.date().isoformat()}
        yield Todo(
            "fix",
            "calendar",
            _("%(room)s is not in use any more; the session on %(day)s in %(case)s is booked there")
            % (words | {"room": session.room.name}),
            _("Choose another room, or another way."),
            reverse("session_move", args=[session.pk]),
            _("Change way or room"),
        )


def _words(session: CounsellingSession) -> tuple[str, str]:
    words = {"case": session.case.code, "day": session.starts_at.date().isoformat()}
    if not session.counsellor.has_left:
        return (
            _("A session on %(day)s is booked in %(case)s, which is closed") % words,
            _("It cannot begin. Cancel it, so that the client is told, or reopen the case."),
        )
    words |= {"name": session.counsellor.name}
    return (
        _("A session on %(day)s is booked in %(case)s; %(name)s no longer sees clients") % words,
        _("It cannot begin. Cancel it, so that the client is told."),
    )


def of_who_left(user: Any, now: datetime) -> Iterator[Todo]:
    """Who left with sessions still booked, for administrators: how many, never whose."""
    if not user.is_admin:
        return
    for row in left_behind(now)[:MOST]:
        day = timezone.localdate(row["next"]).isoformat()
        words = {"name": row["counsellor__name"], "number": row["number"], "day": day}
        yield Todo(
            "stop",
            "calendar",
            _("%(name)s no longer sees clients; sessions still booked: %(number)s") % words,
            _(
                "The next is on %(day)s. Open the account again or give back the role, or name a"
                " supervisor, who can cancel them so that the clients are told."
            )
            % words,
            reverse("member", args=[row["counsellor"]]),
            _("Look"),
        )
