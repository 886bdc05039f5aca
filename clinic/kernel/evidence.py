"""Evidence: dated records that answer a clause outside of any one session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from clinic.kernel.guideline import CLAUSE_IDS


@dataclass(frozen=True)
class Evidence:
    """A registered kind of record: what it is called, which clauses it answers, how to list it."""

    code: str
    title: Any
    clauses: tuple[str, ...]
    records: Callable[[], models.QuerySet]


EVIDENCE: dict[str, Evidence] = {}


def evidence(code: str, title: Any, clauses: Sequence[str]) -> Callable:
    """Register a function that returns the queryset of dated records behind ``clauses``."""
    if unknown := set(clauses) - CLAUSE_IDS:
        raise ValueError(f"{code} names unknown clauses: {sorted(unknown)}")
    if code in EVIDENCE:
        raise ValueError(f"{code} is registered twice.")

    def register(records: Callable[[], models.QuerySet]) -> Callable:
        EVIDENCE[code] = Evidence(code, title, tuple(clauses), records)
        return records

    return register
