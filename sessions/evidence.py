"""Dated records of sessions that answer clauses outside of any one session."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.evidence import Way, evidence
from clinic.staff.models import Oversight
from clinic.staff.supervised import by_supervisor
from sessions.models import (
    DespiteSeen,
    Jurisdiction,
    NoteCosignature,
    StartAttempt,
    Suitability,
    SuitabilityConfirmation,
)
from sessions.suitability.access import assessments_visible_to


def opens_law(rows: Sequence[Jurisdiction], user: Any) -> dict[int, Way]:
    """Return the way to each place; every member of staff may read the register."""
    return {row.pk: Way(str(row), reverse("jurisdiction", args=[row.pk])) for row in rows}


@evidence("sessions.law_abroad", _("Places abroad whose law was looked up"), ["G10.1"], opens_law)
def law_abroad() -> QuerySet:
    """Current entries of the register that say something, the last reviewed first."""
    return Jurisdiction.objects.looked_up().order_by("-reviewed_on", "-id")


def opens_assessments(rows: Sequence[Suitability], user: Any) -> dict[int, Way]:
    """Return the way to the assessments that the reader sees, by the case's code; one query."""
    seen = assessments_visible_to(user).in_bulk([row.pk for row in rows])
    return {
        pk: Way(row.case.code, reverse("suitability", args=[row.case_id, pk]))
        for pk, row in seen.items()
    }


@evidence(
    "sessions.assessments",
    _("Suitability assessments of both sides"),
    ["G2.3"],
    opens_assessments,
)
def assessments() -> QuerySet:
    """Every assessment: each holds all points with their reasons, and the outcome."""
    return Suitability.objects.order_by("-at", "-id")


@by_supervisor
def supervised(oversight: Oversight, after: date) -> Iterator[date]:
    """Days after ``after`` on which the overseer signed, confirmed, saw or began something as such."""
    overseen = oversight.overseen_id
    if oversight.kind == Oversight.Kind.COURSE:
        return  # she answers for nothing of the service
    for acts in (
        NoteCosignature.objects.filter(note__session__counsellor=overseen),
        SuitabilityConfirmation.objects.filter(assessment__by=overseen),
        DespiteSeen.objects.filter(attempt__session__counsellor=overseen),
        StartAttempt.objects.filter(session__counsellor=overseen, despite=True),
    ):
        done = acts.filter(by=oversight.overseer_id, at__date__gt=after)
        yield from map(timezone.localdate, done.values_list("at", flat=True))
