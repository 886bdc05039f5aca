"""What the pages of the register choose from. Every member of staff may read all of it."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404

from sessions.models import Jurisdiction
from sessions.models.places import JurisdictionQuerySet


def register(asked: dict[str, Any], today: date) -> JurisdictionQuerySet:
    """Return current entries that the filters ask for: ``q``, ``state``."""
    found = Jurisdiction.objects.current().select_related("reviewed_by")
    if text := asked.get("q"):
        found = found.found_by(text)
    return found.in_state(asked.get("state", ""), today)


def entry_or_404(pk: int) -> Jurisdiction:
    """Return an entry, current or replaced."""
    return get_object_or_404(Jurisdiction, pk=pk)


def current_or_404(pk: int) -> Jurisdiction:
    """Return an entry that was not replaced."""
    return get_object_or_404(Jurisdiction.objects.current(), pk=pk)


def entries_of(entry: Jurisdiction) -> list[Jurisdiction]:
    """Return every entry of the same place, the current one first."""
    return list(Jurisdiction.objects.of_place(entry.country, entry.region))
