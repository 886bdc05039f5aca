"""What sessions says in the list of clients: the last one held, and the next one booked."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.columns import Cell, Column, column
from clinic.kernel.dates import meeting
from clinic.people.models import Person
from sessions.models import CounsellingSession
from sessions.models.bookings import SessionQuerySet


@column("clients", place=3)
def last_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """The last session that was held, in the cases that the reader sees; one query."""
    held = CounsellingSession.objects.held().order_by("case_id", "-during")
    return Column(gettext_lazy("Last session"), _cells(people, held, max))


@column("clients", place=4)
def next_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """The one that runs or is booked next, in the cases that the reader sees; one query."""
    coming = CounsellingSession.objects.running_or_to_come(now).order_by("case_id", "during")
    return Column(gettext_lazy("Next session"), _cells(people, coming, min))


def _cells(people: Sequence[Person], rows: SessionQuerySet, best: Callable) -> dict[int, Cell]:
    """Put the first row of each case beside its clients; ``best`` chooses among several cases."""
    cases = {part.case_id for person in people for part in person.seen_parts}
    rows = rows.filter(case__in=cases).select_related("case", "counsellor").distinct("case_id")
    by_case = {row.case_id: row for row in rows}
    cells = {}
    for person in people:
        parts = [part.case_id for part in person.seen_parts if part.left_at is None]
        if found := [by_case[case] for case in parts if case in by_case]:
            cells[person.pk] = _cell(best(found, key=lambda row: row.starts_at))
    return cells


def _cell(session: CounsellingSession) -> Cell:
    url = reverse("session", args=[session.pk])
    if session.is_stranded:
        return Cell("stop", _("Cannot begin"), url)
    if session.state == session.State.STARTED:
        return Cell("info", _("In progress"), url)
    return Cell("", meeting(session.starts_at), url)
