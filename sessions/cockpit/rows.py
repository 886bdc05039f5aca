"""The guideline map as the page draws it: each clause, what answers it, and what lacks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from clinic.kernel.evidence import EVIDENCE, Evidence
from clinic.kernel.guideline import CLAUSES, EXCUSES, NO_CODE, NOT_BUILT_YET
from clinic.kernel.readiness import REQUIREMENTS, Phase, Requirement
from sessions.cockpit.counts import (
    AT_THE_DOOR,
    LAPSING,
    MET,
    MISSING,
    OUTSIDE,
    Ahead,
    Filed,
    clauses_of,
)

PHASES = {
    Phase.BOOK: pgettext_lazy("when a condition is asked", "at booking"),
    Phase.PREPARE: pgettext_lazy("when a condition is asked", "before the session"),
    Phase.DOOR: pgettext_lazy("when a condition is asked", "in the opening check"),
}
EXCUSE_WORDS = {
    NOT_BUILT_YET: gettext_lazy("not built yet"),
    NO_CODE: gettext_lazy("no software can answer it"),
}
SECTIONS = {
    "G0": gettext_lazy("Scope"),
    "G1": gettext_lazy("1. Competence and qualification"),
    "G2": gettext_lazy("2. The client's best interest"),
    "G3": gettext_lazy("3. Protection of data"),
    "G4": gettext_lazy("4. Informed consent"),
    "G5": gettext_lazy("5. Crisis handling"),
    "G6": gettext_lazy("6. Assessment and tests"),
    "G7": gettext_lazy("7. Couples and families"),
    "G8": gettext_lazy("8. Groups"),
    "G9": gettext_lazy("9. Interns"),
    "G10": gettext_lazy("10. Across borders and regions"),
    "G11": gettext_lazy("11. Recording"),
    "A": gettext_lazy("Appendix: the eleven items of the consent form"),
    "S": gettext_lazy("Student Guidance Act (proposal of 2023), where the clinic serves schools"),
}


@dataclass(frozen=True)
class Asked:
    """A requirement and what it found on the sessions ahead."""

    requirement: Requirement
    counts: Counter

    @property
    def phases(self) -> list[str]:
        """When it is asked, in words and in order."""
        return [str(PHASES[phase]) for phase in Phase if phase in self.requirement.phases]

    @property
    def counted(self) -> bool:
        """Whether it was asked of any session."""
        return bool(self.counts)

    @property
    def met(self) -> int:
        """Met, also those that are met for now only."""
        return self.counts[MET] + self.counts[LAPSING]

    @property
    def lapsing(self) -> int:
        return self.counts[LAPSING]

    @property
    def missing(self) -> int:
        return self.counts[MISSING]

    @property
    def at_the_door(self) -> int:
        return self.counts[AT_THE_DOOR]

    @property
    def outside(self) -> int:
        return self.counts[OUTSIDE]


@dataclass(frozen=True)
class Shown:
    """A kind of evidence with its count."""

    kind: Evidence
    filed: Filed


@dataclass(frozen=True)
class ClauseRow:
    """One clause. ``held`` of ``concerned`` sessions lack nothing; ``state`` as everywhere."""

    number: str
    gist: Any
    asked: list[Asked]
    evidence: list[Shown]
    held: int
    concerned: int
    state: str
    words: str
    excuse: str = ""

    @property
    def section(self) -> str:
        return section_of(self.number)

    @property
    def is_gap(self) -> bool:
        """Something is missing or lapsing, or nothing answers it though software could."""
        return self.state in ("stop", "fix") or self.excuse == NOT_BUILT_YET


@dataclass(frozen=True)
class Section:
    """Clauses under one heading."""

    key: str
    title: Any
    rows: list[ClauseRow]


def sections(rows: list[ClauseRow]) -> list[Section]:
    """Group rows under the guideline's headings, in its order; empty ones fall away."""
    found = [
        Section(key, title, [row for row in rows if row.section == key])
        for key, title in SECTIONS.items()
    ]
    return [section for section in found if section.rows]


def overview(rows: list[ClauseRow]) -> dict[str, int]:
    """Count rows by state."""
    counted = Counter(row.state for row in rows)
    return {state: counted[state] for state in ("go", "fix", "stop", "none")}


def section_of(clause: str) -> str:
    """Return the heading a clause stands under: ``G10`` of ``G10.1``, ``A`` of ``A7``."""
    return clause.partition(".")[0] if clause.startswith("G") else clause[0]


def clause_rows(ahead: Ahead, filed: Mapping[str, Filed]) -> list[ClauseRow]:
    """Return a row for every clause of the catalogue, in its order."""
    return [_row(clause, gist, ahead, filed) for clause, gist in CLAUSES.items()]


def _row(clause: str, gist: Any, ahead: Ahead, filed: Mapping[str, Filed]) -> ClauseRow:
    asked = [
        Asked(rule, ahead.by_requirement.get(rule.code, Counter()))
        for rule in REQUIREMENTS.values()
        if clause in clauses_of(rule)
    ]
    shown = [Shown(kind, filed[kind.code]) for kind in EVIDENCE.values() if clause in kind.clauses]
    counts = ahead.by_clause.get(clause, Counter())
    held = counts[MET] + counts[LAPSING]
    excuse = EXCUSES.get(clause, "")
    answered = any(clause in one.requirement.clauses for one in asked)
    lacks_records = not answered and any(not kind.filed.number for kind in shown)
    state, words = _standing(counts, bool(shown), lacks_records, excuse)
    return ClauseRow(clause, gist, asked, shown, held, held + counts[MISSING], state, words, excuse)


def _standing(
    counts: Counter, has_records: bool, lacks_records: bool, excuse: str
) -> tuple[str, str]:
    """Return the state of a clause and the words for it.

    A kind without records is a gap only where no requirement answers the clause as well: a clinic
    whose clients never go abroad needs no law of places abroad.
    """
    if excuse:
        return "none", str(EXCUSE_WORDS[excuse])
    if number := counts[MISSING]:
        words = ngettext("missing for %(n)s session", "missing for %(n)s sessions", number)
        return "stop", words % {"n": number}
    if number := counts[LAPSING]:
        words = ngettext("%(n)s session to renew soon", "%(n)s sessions to renew soon", number)
        return "fix", words % {"n": number}
    if lacks_records:
        return "fix", _("no record yet")
    if not has_records and not counts[MET] and not counts[AT_THE_DOOR]:
        return "none", _("no session concerned")
    return "go", _("no gap")
