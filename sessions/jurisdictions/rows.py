"""The rules of places abroad, put into words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from sessions.models import Jurisdiction


@dataclass(frozen=True)
class JurisdictionRow:
    """One place: its entry, the state and the words for it."""

    entry: Jurisdiction
    state: str
    words: str


def jurisdiction_rows(entries: Iterable[Jurisdiction], today: date) -> list[JurisdictionRow]:
    """Return what the register shows of ``entries`` on ``today``."""
    return [JurisdictionRow(entry, *_words(entry, today)) for entry in entries]


def _words(entry: Jurisdiction, today: date) -> tuple[str, str]:
    if entry.ended_at:
        return "none", _("replaced")
    if entry.forbids:
        return "stop", _("forbidden: no session with a client there")
    if not entry.permits:
        return "stop", _("not checked yet: no session with a client there")
    if entry.is_old(today):
        return "fix", _("allowed, but reviewed over a year ago")
    return "go", _("allowed")
