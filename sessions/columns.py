"""What sessions says in the list of clients: the last one held, and the next one booked."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.columns import Cell, Column, column
from clinic.people.models import Person
from sessions.models import CounsellingSession
from sessions.models.bookings import SessionQuerySet


@column("clients", place=3)
def last_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """The last session that was held, in the cases that the reader sees; one query."""
    held = CounsellingSession.objects.held().order_by("case_id", "-during")
    return Column(_("Last session"), _cells(people, held, max))


@column("clients", place=4)
def next_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """The one that runs or is booked next, in the cases that the reader sees; one query."""
    coming = CounsellingSession.objects.to_come(now).order_by("case_id", "during")
    return Column(_("Next session"), _cells(people, coming, min))


def _cells(people: Sequence[Person], rows: SessionQuerySet, best: Callable) -> dict[int, Cell]:
    """Put the first row of each case beside its clients; ``best`` chooses among several cases."""
    cases = {part.case_id for person in people for part in person.seen_parts}
    by_case = {row.case_id: row for row in rows.filter(case__in=cases).distinct("case_id")}
    cells = {}
    for person in people:
        parts = [part.case_id for part in person.seen_parts]
        if found := [by_case[case] for case in parts if case in by_case]:
            cells[person.pk] = _cell(best(found, key=lambda row: row.starts_at))
    return cells


def _cell(session: CounsellingSession) -> Cell:
    begins = timezone.localtime(session.starts_at)
    return Cell("", f"{begins:%Y-%m-%d %H:%M}", reverse("session", args=[session.pk]))
