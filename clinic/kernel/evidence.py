"""Evidence: dated records that answer a clause outside of any one session."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from clinic.kernel.guideline import CLAUSE_IDS


@dataclass(frozen=True)
class Way:
    """Where a record is read: ``words`` name it by a code, never by a person's name."""

    words: str
    url: str


Records = Callable[[], models.QuerySet]
Opens = Callable[[Sequence[Any], Any], Mapping[int, Way]]


@dataclass(frozen=True)
class Evidence:
    """A registered kind of record: what it is called, which clauses it answers, how to list it.

    ``records`` are newest first: what they are ordered by is their date. ``opens(records, user)``
    returns by key the way to those records that the reader may see, in a constant number of
    queries; the others are shown by number and date alone. ``rests_on``: requirements without
    which a session ahead has nothing of these records; what they miss is missing of the clauses.
    """

    code: str
    title: Any
    clauses: tuple[str, ...]
    records: Records
    opens: Opens | None = None
    rests_on: tuple[str, ...] = ()

    @property
    def dated(self) -> str:
        """The field that dates a record."""
        rows = self.records()
        first, *_rest = rows.query.order_by or rows.model._meta.ordering
        return first.removeprefix("-")


EVIDENCE: dict[str, Evidence] = {}


def evidence(
    code: str,
    title: Any,
    clauses: Sequence[str],
    opens: Opens | None = None,
    *,
    rests_on: Sequence[str] = (),
) -> Callable:
    """Register a function that returns the queryset of dated records behind ``clauses``."""
    if unknown := set(clauses) - CLAUSE_IDS:
        raise ValueError(f"{code} names unknown clauses: {sorted(unknown)}")
    if code in EVIDENCE:
        raise ValueError(f"{code} is registered twice.")

    def register(records: Records) -> Callable:
        EVIDENCE[code] = Evidence(code, title, tuple(clauses), records, opens, tuple(rests_on))
        return records

    return register
