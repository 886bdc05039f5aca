"""What consent says in the list of clients: where the form of each stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.columns import Cell, Column, column
from clinic.people.models import Person
from consent.models import Request
from consent.standing import Standing, by_signer, standing_in, telling

URGENT_FIRST = ("stop", "fix", "none", "info", "go")


@column("clients", place=1)
def consent_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """In force, on its way, ended or not sent yet; of several open cases the most urgent.

    Three queries. ``people`` come with their ``seen_parts``.
    """
    parts = [part for person in people for part in person.seen_parts if part.is_open]
    cases = {part.case_id for part in parts}
    standing = standing_in(cases, now)
    asked = by_signer(Request.objects.of_cases(cases))
    cells: dict[int, Cell] = {}
    for part in parts:
        cell = _cell(asked.get((part.case_id, part.person_id)), standing)
        shown = cells.setdefault(part.person_id, cell)
        cells[part.person_id] = min(shown, cell, key=lambda c: URGENT_FIRST.index(c.state))
    return Column(gettext_lazy("Consent form"), cells)


def _cell(requests: list[Request] | None, standing: Standing) -> Cell:
    if not requests:
        return Cell("none", _("not sent yet"))
    request = telling(requests, standing)
    cell = standing.cell(request)
    return replace(cell, state="stop") if standing.has_ended(request) else cell
