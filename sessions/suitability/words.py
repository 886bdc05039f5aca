"""The words of the suitability assessment: points, levels, short questions, outcomes (G2.3–G2.5).

Read once from ``sessions/content/suitability.toml``, which holds both languages.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FILE = Path(__file__).resolve().parent.parent / "content" / "suitability.toml"
STATES = {4: "go", 3: "fix", 2: "fix", 1: "stop", 0: "none"}


@dataclass(frozen=True)
class Both:
    """A text in both languages; as a string it is in the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    def __bool__(self) -> bool:
        return bool(self.zh)


@dataclass(frozen=True)
class Level:
    """A level of a point: 4 suits … 1 does not suit, 0 not yet known."""

    value: int
    label: Both
    anchor: Both

    @property
    def state(self) -> str:
        """Its colour on every page."""
        return STATES[self.value]


@dataclass(frozen=True)
class Point:
    """One point to rate; none can be skipped."""

    id: str
    title: Both
    question: Both
    note_prompt: Both

    @property
    def name(self) -> str:
        """Its id as the name of a form field can hold it."""
        return self.id.replace(".", "_")


@dataclass(frozen=True)
class Group:
    """Points under one heading. ``title`` is empty for the psychologist's own three."""

    side: str
    cites: tuple[str, ...]
    title: Both | None
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Question:
    """A question of the short form and the points that stand behind it."""

    id: str
    text: Both
    points: tuple[Point, ...]

    @property
    def cites(self) -> list[str]:
        """The clauses of the groups in which its points stand, each once."""
        groups = [group for group in GROUPS if set(group.points) & set(self.points)]
        return list(dict.fromkeys(clause for group in groups for clause in group.cites))


@dataclass(frozen=True)
class Choice:
    """One thing to choose."""

    key: str
    label: Both


@dataclass(frozen=True)
class Need:
    """What an outcome needs to be recorded. ``kind``: ``text``, ``day`` or ``consent``."""

    key: str
    kind: str
    label: Both
    help: Both


@dataclass(frozen=True)
class Outcome:
    """A way to go on, what it means, and what may be said to the client."""

    key: str
    label: Both
    means: Both
    client: Both
    needs: tuple[Need, ...]


def both(row: Mapping[str, Any], name: str) -> Both:
    """Return ``name_zh`` and ``name_en`` of a row of the file."""
    return Both(row[f"{name}_zh"], row[f"{name}_en"])


def _point(row: Mapping[str, Any]) -> Point:
    return Point(row["id"], both(row, "title"), both(row, "question"), both(row, "note_prompt"))


def _groups(content: Mapping[str, Any]) -> tuple[Group, ...]:
    own = content["practitioner_points"]
    groups = [Group("psychologist", tuple(own[0]["cites"]), None, tuple(map(_point, own)))]
    for row in content["client_groups"]:
        points = tuple(map(_point, row["points"]))
        groups.append(Group("client", tuple(row["cites"]), both(row, "title"), points))
    return tuple(groups)


def _choices(rows: list[dict]) -> tuple[Choice, ...]:
    return tuple(Choice(row["key"], both(row, "label")) for row in rows)


CONTENT = tomllib.loads(FILE.read_text(encoding="utf-8"))
INTRO = both(CONTENT["meta"], "intro")
GROUPS = _groups(CONTENT)
POINTS = {point.id: point for group in GROUPS for point in group.points}
LEVELS = {
    row["value"]: Level(row["value"], both(row, "label"), both(row, "anchor"))
    for row in CONTENT["levels"]
}
COMPARE_TITLE = both(CONTENT["compare"], "title")
COMPARE = {choice.key: choice for choice in _choices(CONTENT["compare"]["choices"])}
COMPARED = POINTS["P3"]  # the point that asks for the comparison with other ways
NOT_ADVISABLE = "not_advisable"

SHORT_INTRO = both(CONTENT["short_form"], "intro")
UNCHANGED, CHANGED = (
    both(CONTENT["short_form"], "unchanged"),
    both(CONTENT["short_form"], "changed"),
)
QUESTIONS = tuple(
    Question(row["id"], both(row, "text"), tuple(POINTS[point] for point in row["covers"]))
    for row in CONTENT["short_form"]["questions"]
)

NEEDS = {
    row["key"]: Need(row["key"], row["kind"], both(row, "label"), both(row, "help"))
    for row in CONTENT["needs"]
}
CONSENT = {choice.key: choice for choice in _choices(CONTENT["consent_choices"])}
OUTCOMES = {
    row["key"]: Outcome(
        row["key"],
        both(row, "label"),
        both(row, "means"),
        both(row, "client"),
        tuple(NEEDS[key] for key in row["needs"]),
    )
    for row in CONTENT["outcomes"]
}
