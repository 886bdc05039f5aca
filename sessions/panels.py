"""What sessions shows on Today, on the page of a case and on that of a client."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from clinic.cases.models import Case
from clinic.kernel.panels import Panel, panel
from clinic.kernel.roles import CLINICAL
from clinic.people.models import Person
from sessions.calendar.rows import Day, sheet
from sessions.calendar.span import monday
from sessions.gate import gates_of
from sessions.models import CounsellingSession
from sessions.models.bookings import SessionQuerySet
from sessions.notes.waiting import uncosigned
from sessions.suitability.panel import suitability_of_case
from sessions.todays import slots

SHOWN = 5  # sessions on the page of a case or of a client

panel("case")(suitability_of_case)


@panel("today")
def of_today(subject: None, user: Any, now: datetime) -> Panel | None:
    """The day's sessions, each with its colour and one next action; the week beside them."""
    if not user.has_role(*CLINICAL):
        return None
    today = timezone.localdate(now)
    mine = CounsellingSession.objects.visible_to(user)
    week = sheet(mine, monday(today), 7, now).days
    return Panel(
        "sessions/today.html",
        {
            "slots": slots(_day(week, today).gates, user),
            "week": week,
            "now": now,
            "today": today,
        },
    )


def _day(week: tuple[Day, ...], today: date) -> Day:
    return next(day for day in week if day.date == today)


@panel("case")
def of_case(case: Case, user: Any, now: datetime) -> Panel:
    """The next and the last sessions of a case, and the button that books one."""
    rows = CounsellingSession.objects.filter(case=case)
    return _sessions(rows, case, user, now)


@panel("client")
def of_client(person: Person, user: Any, now: datetime) -> Panel:
    """The same of a client; the button books in her individual case."""
    rows = CounsellingSession.objects.visible_to(user).of_person(person)
    return _sessions(rows, Case.objects.open().individual_of(person, user).first(), user, now)


def _sessions(rows: SessionQuerySet, case: Case | None, user: Any, now: datetime) -> Panel:
    rows = rows.with_people()
    coming = list(rows.to_come(now).in_order()[:SHOWN])
    past = list(rows.exclude(pk__in=[s.pk for s in coming]).order_by("-during")[:SHOWN])
    may_book = case is not None and user.pk == case.counsellor_id and case.closed_at is None
    context = {"gates": gates_of(coming, now), "past": past, "may_book": may_book, "case": case}
    return Panel("sessions/panel.html", context | {"uncosigned": uncosigned(past)})
