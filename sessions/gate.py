"""One session as the gate sees it: its findings in order, its colour, and the one next action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.kernel.readiness import Colour, Finding, Lapsing, Phase, Planned, assess, colour
from sessions.models import CounsellingSession
from sessions.planning import plans_of

State = CounsellingSession.State


@dataclass(frozen=True)
class Part:
    """Findings that are asked at the same time."""

    findings: list[Finding]

    @cached_property
    def open(self) -> list[Finding]:
        """Missing, or about to lapse."""
        return [f for f in self.findings if f.state in (Colour.RED, Colour.AMBER)]

    @cached_property
    def met(self) -> list[Finding]:
        return [f for f in self.findings if f.state == Colour.GREEN]

    @cached_property
    def beside(self) -> list[Finding]:
        """What does not apply."""
        return [f for f in self.findings if f.state == Colour.GREY]

    @property
    def asked(self) -> int:
        """How many of them apply."""
        return len(self.open) + len(self.met)


@dataclass(frozen=True)
class Gate:
    """A session with its plan and findings, as it stands ``at`` a time."""

    session: CounsellingSession
    plan: Planned
    findings: tuple[Finding, ...]
    at: datetime

    @property
    def colour(self) -> Colour:
        """Red, amber, green or grey; red where it is stranded, whatever was found."""
        if self.session.is_stranded:
            return Colour.RED
        return Colour.GREY if self.is_over else colour(self.findings)

    @property
    def tone(self) -> str:
        """The colour to show: blue once it has begun, grey when it will not begin."""
        if self.session.started_at:
            return "info"
        if not self.waits:
            return Colour.GREY
        return Colour.RED if self.never and not self.is_over else self.colour

    @property
    def words(self) -> str:
        """How it stands, in a few words beside its colour."""
        if not self.waits:
            return capfirst(self.session.get_state_display())
        if self.session.is_stranded:
            return _("Cannot begin")
        if self.is_over:
            return _("Time is over")
        if not self.session.is_tele:
            return _("In person")
        if self.never:
            return _("Must not start")
        if number := len(self.missing):
            words = ngettext("%(number)s thing missing", "%(number)s things missing", number)
            return words % {"number": number}
        lapses = self.colour == Colour.AMBER
        return _("May start, something lapses") if lapses else _("May start")

    @property
    def is_over(self) -> bool:
        """Whether it never began, and its planned time has passed: it can begin no more."""
        return self.waits and self.session.during.upper <= self.at

    @property
    def parts(self) -> dict[str, Part]:
        return {"prep": Part(self.prepare), "door": Part(self.door)}

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
    return [Gate(s, plans[s.pk], tuple(findings[plans[s.pk]]), now) for s in sessions]


def gate_of(session: CounsellingSession, now: datetime) -> Gate:
    """Return the gate of one session."""
    (gate,) = gates_of([session], now)
    return gate
