"""One session as the gate sees it: its findings in order, its colour, and the one next action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from clinic.kernel.readiness import Colour, Finding, Lapsing, Phase, Planned, assess, colour
from sessions.models import CounsellingSession
from sessions.planning import plans_of

State = CounsellingSession.State


@dataclass(frozen=True)
class Gate:
    """A session with its plan and findings."""

    session: CounsellingSession
    plan: Planned
    findings: tuple[Finding, ...]

    @property
    def colour(self) -> Colour:
        """Red, amber, green or grey; red where case or account was closed, whatever was found."""
        return Colour.RED if self.session.is_stranded else colour(self.findings)

    @cached_property
    def prepare(self) -> list[Finding]:
        """What is asked when booking and in the days before."""
        return [f for f in self.findings if f.requirement.phases != {Phase.DOOR}]

    @cached_property
    def door(self) -> list[Finding]:
        """What is asked in the call."""
        return [f for f in self.findings if f.requirement.phases == {Phase.DOOR}]

    @cached_property
    def open(self) -> list[Finding]:
        """What needs somebody: missing first, then what is about to lapse."""
        return self.missing + [f for f in self.findings if isinstance(f.answer, Lapsing)]

    @cached_property
    def missing(self) -> list[Finding]:
        """What keeps the session from beginning: what can never be overridden first, the door last."""
        found = [f for f in self.findings if f.missing]
        door = {id(f) for f in self.door}
        return sorted(found, key=lambda f: (id(f) in door, not f.requirement.absolute))

    @property
    def never(self) -> list[Finding]:
        """Missing and never to be overridden."""
        return [f for f in self.missing if f.requirement.absolute]

    @property
    def first(self) -> Finding | None:
        """The finding to see to next; None when nothing is open."""
        return next(iter(self.open), None)

    @property
    def waits(self) -> bool:
        """Whether the session is still to begin."""
        return self.session.state == State.BOOKED


def gates_of(sessions: Sequence[CounsellingSession], now: datetime) -> list[Gate]:
    """Return the gate of each session in their order, in a constant number of queries.

    ``sessions`` come from ``CounsellingSession.objects.with_people()``.
    """
    if not sessions:
        return []
    plans = plans_of(sessions)
    findings = assess(list(plans.values()), now)
    return [Gate(s, plans[s.pk], tuple(findings[plans[s.pk]])) for s in sessions]


def gate_of(session: CounsellingSession, now: datetime) -> Gate:
    """Return the gate of one session."""
    (gate,) = gates_of([session], now)
    return gate
