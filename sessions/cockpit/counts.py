"""What the guideline map counts: dated records, and findings on the sessions ahead."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from clinic.kernel.dates import day_bounds
from clinic.kernel.evidence import EVIDENCE, Evidence
from clinic.kernel.readiness import (
    Finding,
    Lapsing,
    Missing,
    NotApplicable,
    Phase,
    Requirement,
    assess,
)
from sessions.models import CounsellingSession
from sessions.models.bookings import SessionQuerySet
from sessions.planning import plans_of

DAYS = 14  # after today
MET, LAPSING, MISSING, AT_THE_DOOR, OUTSIDE = "met", "lapsing", "missing", "door", "outside"


@dataclass(frozen=True)
class Filed:
    """How many records of one kind of evidence there are, and when the newest was made."""

    number: int
    newest: date | datetime | None


@dataclass(frozen=True)
class Ahead:
    """What the sessions of the next days say.

    ``by_requirement``: by code, how many sessions are met, lapsing, missing, still to be asked at
    the door, outside. ``by_clause``: the same, each session counted once by its worst answer.
    """

    sessions: int = 0
    by_requirement: Mapping[str, Counter] = field(default_factory=dict)
    by_clause: Mapping[str, Counter] = field(default_factory=dict)


def filed(kinds: Iterable[Evidence] | None = None) -> dict[str, Filed]:
    """Count the records of each kind of evidence by its code; one query a kind."""
    found = {}
    for kind in EVIDENCE.values() if kinds is None else kinds:
        rows = kind.records().order_by()
        sums = rows.aggregate(number=Count("pk"), newest=Max(kind.dated))
        found[kind.code] = Filed(sums["number"], sums["newest"])
    return found


def sessions_ahead(user: Any, now: datetime) -> SessionQuerySet:
    """Booked sessions of today and the next days: an administrator's of all, else those she sees."""
    today = timezone.localdate(now)
    start, _end = day_bounds(today)
    _start, end = day_bounds(today + timedelta(days=DAYS))
    every = CounsellingSession.objects.booked().between(start, end)
    return every if user.is_admin else every.visible_to(user)


def ahead(user: Any, now: datetime) -> Ahead:
    """Ask every requirement about the sessions ahead, once for all; a constant number of queries."""
    sessions = list(sessions_ahead(user, now).with_people())
    plans = plans_of(sessions).values()
    return tally(assess(list(plans), now).values())


def tally(answers: Iterable[list[Finding]]) -> Ahead:
    """Count findings by requirement and by clause. Pure."""
    number, by_requirement, by_clause = 0, {}, {}
    for findings in answers:
        number += 1
        of_clause: dict[str, list[str]] = {}
        for finding in findings:
            answer = answer_of(finding)
            by_requirement.setdefault(finding.requirement.code, Counter())[answer] += 1
            for clause in clauses_of(finding.requirement):
                of_clause.setdefault(clause, []).append(answer)
        for clause, given in of_clause.items():
            by_clause.setdefault(clause, Counter())[_worst(given)] += 1
    return Ahead(number, by_requirement, by_clause)


def clauses_of(rule: Requirement) -> set[str]:
    """The clauses that a requirement answers, and those whose evidence rests on it."""
    resting = (kind.clauses for kind in EVIDENCE.values() if rule.code in kind.rests_on)
    return {*rule.clauses}.union(*resting)


def answer_of(finding: Finding) -> str:
    """Return how a finding counts. What belongs to the door alone is not missing days before."""
    if isinstance(finding.answer, NotApplicable):
        return OUTSIDE
    if isinstance(finding.answer, Missing):
        return AT_THE_DOOR if finding.requirement.phases == {Phase.DOOR} else MISSING
    return LAPSING if isinstance(finding.answer, Lapsing) else MET


def _worst(answers: list[str]) -> str:
    """A session whose door alone is open still counts as met where something else is met."""
    return next(a for a in (MISSING, LAPSING, MET, AT_THE_DOOR, OUTSIDE) if a in answers)
