"""What consent shows on the pages of a case and of a client."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from clinic.cases.access import cases_visible_to
from clinic.cases.models import Case
from clinic.kernel.panels import Panel, panel
from clinic.people.models import Person
from consent.models import Request
from consent.of_age import UNDER_AGE, is_minor
from consent.standing import standing_in


@panel("case")
def of_case(case: Case, user: Any, now: datetime) -> Panel:
    """The requests of a case with their states, and the button that sends one; not to a minor."""
    requests = list(Request.objects.of_cases([case]))
    mine = user.pk == case.counsellor_id and case.closed_at is None
    return Panel(
        "consent/panel.html",
        {
            "case": case,
            "rows": _rows(requests, now),
            "may_send": mine and not any(r.is_live for r in requests),
            "minor": _minor(case, now),
            "reachable": all(p.email and p.may_be_mailed for p in case.people[:1]),
        },
    )


def _minor(case: Case, now: datetime) -> str:
    """Say that who would sign may not do so alone; "" where she may."""
    today = timezone.localdate(now)
    return UNDER_AGE if any(is_minor(person, today) for person in case.people[:1]) else ""


@panel("client")
def of_client(person: Person, user: Any, now: datetime) -> Panel:
    """What she was asked to sign in the cases that the reader sees; it is sent from a case."""
    requests = Request.objects.of_cases(cases_visible_to(user)).filter(signer=person)
    return Panel("consent/panel.html", {"rows": _rows(list(requests), now)})


def _rows(requests: list[Request], now: datetime) -> list[tuple]:
    """Put each request beside the words for where it stands."""
    standing = standing_in({request.case_id for request in requests}, now)
    return [(request, standing.cell(request)) for request in requests]
