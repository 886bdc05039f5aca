"""Dated records of consent that answer clauses outside of any one session."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.kernel.evidence import evidence
from consent.models import Signature

ITEMS = [f"A{number}" for number in range(1, 12)]


@evidence("consent.signed_items", _("Signed consent forms with all eleven items"), ITEMS)
def signed_items() -> QuerySet:
    """Signatures: each holds the words of every item as they were read, and the answer."""
    return Signature.objects.order_by("-signed_at")
