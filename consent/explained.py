"""Which items of a form nobody has gone through with its signer yet (G4.2: item by item).

The individual form's eleven items count; notices and attached papers are read, not discussed.
"""

from collections.abc import Iterable
from itertools import chain

from django.db.models import Exists, OuterRef

from consent.models import Explanation, FormItem, Request


def unexplained(request: Request) -> list[str]:
    """Return the codes of the items that no recorded explanation names, in their order."""
    told = set(chain.from_iterable(request.explanations.values_list("items", flat=True)))
    items = request.version.items.filter(kind=FormItem.Kind.ITEM)
    return [code for code in items.values_list("code", flat=True) if code not in told]


def explained_in(cases: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Return (case, signer) wherever each item of one request was gone through. One query."""
    named = Explanation.objects.filter(
        request=OuterRef(OuterRef("pk")), items__contains=[OuterRef("code")]
    )
    items = FormItem.objects.filter(version=OuterRef("version"), kind=FormItem.Kind.ITEM)
    left = Exists(items.filter(~Exists(named)))
    return Request.objects.filter(~left, case__in=cases).values_list("case", "signer").distinct()
