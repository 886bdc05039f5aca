"""The records behind one kind of evidence, as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.http import Http404

from clinic.kernel.evidence import EVIDENCE, Evidence, Way


@dataclass(frozen=True)
class Record:
    """One dated record: named by its number, and a way to it where the reader may go."""

    name: str
    at: date | datetime
    way: Way | None


def kind_or_404(code: str) -> Evidence:
    """Return the kind of evidence with this code."""
    if code not in EVIDENCE:
        raise Http404
    return EVIDENCE[code]


def records(kind: Evidence, rows: Sequence[Model], user: Any) -> list[Record]:
    """Return rows of ``kind`` as lines; nobody's name stands in them."""
    ways = kind.opens(rows, user) if kind.opens else {}
    return [Record(_name(row), getattr(row, kind.dated), ways.get(row.pk)) for row in rows]


def _name(row: Model) -> str:
    words = str(row._meta.verbose_name)
    return f"{words[:1].upper()}{words[1:]} {row.pk}"
