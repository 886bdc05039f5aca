"""What consent says in the list of clients: where the form of each stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.columns import Cell, Column, column
from clinic.people.models import Person
from consent.models import FormVersion, Request, Validity
from consent.models.states import State

URGENT_FIRST = ("stop", "fix", "info", "none", "go")


@column("clients", place=1)
def consent_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """In force, on its way, ended or not sent yet; of several open cases the most urgent.

    Three queries. ``people`` come with their ``seen_parts``.
    """
    parts = [part for person in people for part in person.seen_parts if not part.case.closed_at]
    cases = {part.case_id for part in parts}
    newest = FormVersion.objects.current("individual")
    in_force = set(Validity.objects.in_force_in(cases).values_list("signature__request", flat=True))
    asked: dict[tuple[int, int], Request] = {}
    for request in Request.objects.of_cases(cases):  # the newest, or the one that counts
        key = request.case_id, request.signer_id
        if key not in asked or request.pk in in_force:
            asked[key] = request
    cells: dict[int, Cell] = {}
    for part in parts:
        cell = _cell(asked.get((part.case_id, part.person_id)), in_force, newest)
        shown = cells.setdefault(part.person_id, cell)
        cells[part.person_id] = min(shown, cell, key=lambda c: URGENT_FIRST.index(c.state))
    return Column(gettext_lazy("Consent form"), cells)


def _cell(request: Request | None, in_force: set[int], newest: FormVersion | None) -> Cell:
    if request is None:
        return Cell("none", _("not sent yet"))
    url = reverse("consent_request", args=[request.pk])
    if request.pk in in_force and newest and request.version.number < newest.number:
        return Cell("fix", _("a newer version is published"), url)
    if request.state == State.COUNTERSIGNED and request.pk not in in_force:
        return Cell("stop", _("no longer in force"), url)
    return Cell(request.tone, request.state_words, url)
