"""Dated records of consent that answer clauses outside of any one session."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.kernel.evidence import Way, evidence
from consent.access import requests_visible_to
from consent.models import Signature

ITEMS = [f"A{number}" for number in range(1, 12)]
OF_A_SESSION = ["consent.in_force", "consent.current_version"]  # what G4.1 asks of each


def opens(rows: Sequence[Signature], user: Any) -> dict[int, Way]:
    """Return the way to the requests that the reader sees, by the case's code; one query."""
    seen = requests_visible_to(user).in_bulk([row.request_id for row in rows])
    return {
        row.pk: Way(
            seen[row.request_id].case.code, reverse("consent_request", args=[row.request_id])
        )
        for row in rows
        if row.request_id in seen
    }


@evidence(
    "consent.signed_items",
    _("Signed consent forms with all eleven items"),
    ITEMS,
    opens,
    rests_on=OF_A_SESSION,
)
def signed_items() -> QuerySet:
    """Signatures that count, or did until they ended.

    Each holds the words of every item as they were read, and the answer.
    """
    return Signature.objects.that_counted().order_by("-signed_at")
