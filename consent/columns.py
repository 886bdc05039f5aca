"""What consent says in the list of clients: where the form of each stands, and to filter by it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.cases.access import cases_visible_to
from clinic.cases.models import Participant
from clinic.kernel.columns import Cell, Column, column
from clinic.kernel.list_filters import list_filter
from clinic.people.models import Person, PersonQuerySet
from consent.models import Request, Validity
from consent.replaced import replaced_at
from consent.requirements import GRACE, earliest
from consent.standing import Standing, by_signer, standing_in, telling

URGENT_FIRST = ("stop", "fix", "none", "info", "go")


CHOICES = (
    ("missing", gettext_lazy("not in force")),
    ("counts", gettext_lazy("in force")),
    ("replaced", gettext_lazy("in force, a newer version is published")),
)


@list_filter("clients", field="consent", label=gettext_lazy("Consent form"), choices=CHOICES)
def by_consent(people: PersonQuerySet, user: Any, chosen: str, now: datetime) -> PersonQuerySet:
    """Keep people whose consent counts in every open case, is ``missing`` in one, or ``replaced``.

    Whoever is in no open case is left out.
    """
    parts = Participant.objects.filter(person=OuterRef("pk"), left_at=None, case__closed_at=None)
    seen = cases_visible_to(user)
    parts = parts.filter(case__in=seen)
    signed = Validity.objects.in_force_in(seen)
    signed = signed.filter(case=OuterRef("case"), signer=OuterRef("person"))
    signed = signed.alias(replaced_at=replaced_at("signature__request"))
    signed = signed.filter(Q(replaced_at=None) | Q(replaced_at__gte=earliest(now, GRACE)))
    if chosen == "replaced":
        return people.filter(Exists(parts.filter(Exists(signed.exclude(replaced_at=None)))))
    missing = Exists(parts.filter(~Exists(signed)))
    return people.filter(missing if chosen == "missing" else Exists(parts) & ~missing)


@column("clients", place=1)
def consent_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """In force, on its way, ended or not sent yet; of several open cases the most urgent.

    Two queries. ``people`` come with their ``seen_parts``.
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
