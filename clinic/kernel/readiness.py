"""Readiness: may this session be booked, prepared, begun? The heart of the product.

This file knows no app. ``sessions`` makes ``Planned`` values; each app registers one loader of
facts (the same number of queries for one session and for four hundred) and pure requirements that
answer Met, Lapsing, Missing or NotApplicable without a query. The same findings draw the colour on Today,
the session page, the reminder's text and the guideline map.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.kernel.guideline import CLAUSE_IDS

MOST_CLAUSES = 4


class Phase(StrEnum):
    """When a requirement is asked: on booking, in the days before, in the call."""

    BOOK = "book"
    PREPARE = "prepare"
    DOOR = "door"


class Colour(StrEnum):
    """The state of a session as every page shows it."""

    GREEN = "go"
    AMBER = "fix"
    RED = "stop"
    GREY = "none"


@dataclass(frozen=True)
class ParticipantPlan:
    """One participant: person's id, role in the case, birth date, and where she is that day.

    ``country`` is an ISO code, "" when no place is known; ``town_code`` stands for Taiwan and
    ``region`` for abroad; ``place_id`` is the place on file, None for one told only for the day.
    """

    person_id: int
    role: str
    birth_date: date
    country: str = "TW"
    town_code: str = ""
    region: str = ""
    place_id: int | None = None


@dataclass(frozen=True)
class Planned:
    """A session as far as it is planned; ``session_id`` None asks "could it be booked?".

    ``channel`` is ``video``, ``telephone`` or ``in_person``; ``start`` is aware;
    ``overseer_ids`` are the users who oversee the psychologist that day.
    """

    session_id: int | None
    case_id: int | None
    modality: str
    channel: str
    start: datetime
    room_id: int | None
    counsellor_id: int
    counsellor_kind: str
    overseer_ids: tuple[int, ...] = ()
    participants: tuple[ParticipantPlan, ...] = ()
    ordinal: int = 1


@dataclass(frozen=True)
class Met:
    """The requirement holds. ``note`` may say by what."""

    note: Any = ""


@dataclass(frozen=True)
class Missing:
    """The requirement does not hold: why, and what to do about it.

    ``person_id``: in whose file it is set right, where that depends on the answer.
    """

    reason: Any
    remedy: Any
    person_id: int | None = None


@dataclass(frozen=True)
class Lapsing:
    """It holds for now, but not for long: amber, and no session is stopped by it."""

    reason: Any
    remedy: Any


@dataclass(frozen=True)
class NotApplicable:
    """The requirement does not concern this session."""

    reason: Any


IN_PERSON = NotApplicable(_("face to face"))  # the guideline binds telecounselling alone

Answer = Met | Lapsing | Missing | NotApplicable
Loader = Callable[[Sequence[Planned], datetime], Mapping[Planned, Any]]


@dataclass(frozen=True)
class Requirement:
    """A registered requirement; see ``requirement``."""

    code: str
    title: Any
    clauses: tuple[str, ...]
    phases: frozenset[Phase]
    absolute: bool
    check: Callable[[Planned, Any, datetime], Answer]
    of_person: bool = False

    @property
    def app(self) -> str:
        return self.code.partition(".")[0]


@dataclass(frozen=True)
class Finding:
    """What one requirement answered for one planned session."""

    requirement: Requirement
    answer: Answer

    @property
    def missing(self) -> bool:
        return isinstance(self.answer, Missing)

    @property
    def state(self) -> str:
        """``go``, ``none``, ``fix`` (lapsing, or the door only) or ``stop``."""
        if isinstance(self.answer, Met):
            return Colour.GREEN
        if isinstance(self.answer, NotApplicable):
            return Colour.GREY
        if isinstance(self.answer, Lapsing):
            return Colour.AMBER
        return Colour.AMBER if self.requirement.phases == {Phase.DOOR} else Colour.RED


LOADERS: dict[str, Loader] = {}
REQUIREMENTS: dict[str, Requirement] = {}


def facts(app: str) -> Callable[[Loader], Loader]:
    """Register the one loader of ``app``."""

    def register(loader: Loader) -> Loader:
        if app in LOADERS:
            raise ValueError(f"{app} registers two loaders of facts.")
        LOADERS[app] = loader
        return loader

    return register


def requirement(
    code: str,
    title: Any,
    clauses: Sequence[str],
    phases: Sequence[Phase],
    absolute: bool = False,
    *,
    of_person: bool = False,
) -> Callable:
    """Register a requirement.

    :param code: ``app.name``; its three tests are named after it.
    :param clauses: one to four ids of the catalogue.
    :param absolute: can never be overridden with a reason.
    :param of_person: asks of the psychologist, and so without any session as well.
    """
    unknown = set(clauses) - CLAUSE_IDS
    if unknown or not 1 <= len(clauses) <= MOST_CLAUSES:
        raise ValueError(f"{code} answers no, too many or unknown clauses: {sorted(unknown)}")
    if code in REQUIREMENTS:
        raise ValueError(f"{code} is registered twice.")

    def register(check: Callable[[Planned, Any, datetime], Answer]) -> Callable:
        REQUIREMENTS[code] = Requirement(
            code, title, tuple(clauses), frozenset(phases), absolute, check, of_person
        )
        return check

    return register


def assess(
    planned: Sequence[Planned],
    now: datetime,
    *,
    phase: Phase | None = None,
    of_person: bool = False,
) -> dict[Planned, list[Finding]]:
    """Ask every requirement about every planned session; facts of other rules are not loaded.

    :param phase: ask those of this phase alone.
    :param of_person: those alone that can be answered of a psychologist whom nobody has booked.
    """
    rules = [
        rule
        for rule in REQUIREMENTS.values()
        if (phase is None or phase in rule.phases) and (rule.of_person or not of_person)
    ]
    loaded = {name: LOADERS[name](planned, now) for name in {rule.app for rule in rules}}
    return {
        plan: [Finding(rule, rule.check(plan, loaded[rule.app][plan], now)) for rule in rules]
        for plan in planned
    }


def colour(findings: Sequence[Finding]) -> Colour:
    """Return red, amber, green or grey: the worst finding decides; nothing applicable is grey."""
    states = {finding.state for finding in findings}
    for worst in (Colour.RED, Colour.AMBER, Colour.GREEN):
        if worst in states:
            return worst
    return Colour.GREY
