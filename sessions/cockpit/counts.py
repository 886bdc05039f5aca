"""What the guideline map counts: dated records, and findings on the sessions ahead."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
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
    """What the sessions of the next days say; ``stranded``: how many of them cannot begin at all.

    ``by_requirement``: by code, how many sessions are met, lapsing, missing, still to be asked at
    the door, outside. ``by_clause``: the same, each session counted once by its worst answer.
    """

    sessions: int = 0
    by_requirement: Mapping[str, Counter] = field(default_factory=dict)
    by_clause: Mapping[str, Counter] = field(default_factory=dict)
    stranded: int = 0


def filed(kinds: Iterable[Evidence] | None = None) -> dict[str, Filed]:
    """Count the records of each kind of evidence by its code; one query a kind."""
    found = {}
    for kind in EVIDENCE.values() if kinds is None else kinds:
        rows = kind.records().order_by()
        sums = rows.aggregate(number=Count("pk"), newest=Max(kind.dated))
        found[kind.code] = Filed(sums["number"], sums["newest"])
    return found


def sessions_ahead(user: Any, now: datetime) -> SessionQuerySet:
    """Sessions still to come today and the next days: an administrator's of all, else those she
    sees. What was booked for earlier today and never began is ahead of nobody.
    """
    _start, end = day_bounds(timezone.localdate(now) + timedelta(days=DAYS))
    every = CounsellingSession.objects.to_come(now).between(now, end)
    return every if user.is_admin else every.visible_to(user)


def ahead(user: Any, now: datetime) -> Ahead:
    """Ask every requirement about the sessions ahead, once for all; a constant number of queries."""
    sessions = list(sessions_ahead(user, now).with_people())
    found = assess(list(plans_of(sessions).values()), now)
    cannot = {session.pk for session in sessions if session.is_stranded}
    return tally(
        (answers for plan, answers in found.items() if plan.session_id not in cannot),
        [answers for plan, answers in found.items() if plan.session_id in cannot],
    )


def tally(answers: Iterable[list[Finding]], stranded: Collection[list[Finding]] = ()) -> Ahead:
    """Count findings by requirement and by clause. Pure.

    ``stranded``: those of sessions that cannot begin, so that nothing of them is in order.
    """
    number, by_requirement, by_clause = 0, {}, {}
    both = chain(((f, answer_of) for f in answers), ((f, _of_stranded) for f in stranded))
    for findings, judge in both:
        number += 1
        of_clause: dict[str, list[str]] = {}
        for finding in findings:
            answer = judge(finding)
            by_requirement.setdefault(finding.requirement.code, Counter())[answer] += 1
            for clause in clauses_of(finding.requirement):
                of_clause.setdefault(clause, []).append(answer)
        for clause, given in of_clause.items():
            by_clause.setdefault(clause, Counter())[_worst(given)] += 1
    return Ahead(number, by_requirement, by_clause, len(stranded))


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


def _of_stranded(finding: Finding) -> str:
    answer = answer_of(finding)
    return MISSING if answer in (MET, LAPSING) else answer


def _worst(answers: list[str]) -> str:
    """A session whose door alone is open still counts as met where something else is met."""
    return next(a for a in (MISSING, LAPSING, MET, AT_THE_DOOR, OUTSIDE) if a in answers)
