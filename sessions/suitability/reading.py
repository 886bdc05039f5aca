"""Assessments as pages show them: each point with its level, its reason, and what changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions.models import Suitability
from sessions.suitability.words import (
    COMPARE,
    CONSENT,
    GROUPS,
    LEVELS,
    OUTCOMES,
    Both,
    Choice,
    Group,
    Level,
    Outcome,
    Point,
)


@dataclass(frozen=True)
class Shown:
    """A rated point. ``before`` is its level in the assessment before, where it was another."""

    point: Point
    level: Level
    note: str
    changed: bool
    before: Level | None


@dataclass(frozen=True)
class Reading:
    """A whole assessment, with the one before it (or none), opened once."""

    row: Suitability
    ratings: Mapping[str, int]
    notes: Mapping[str, str]
    details: Mapping[str, str]
    changed: frozenset[str]
    earlier: Suitability | None = None

    @property
    def outcome(self) -> Outcome:
        return OUTCOMES[self.row.outcome]

    @property
    def compare(self) -> Choice | None:
        """How it compares with meeting in person."""
        return COMPARE.get(self.details.get("compare", ""))

    @property
    def facts(self) -> list[tuple[Both, Any]]:
        """What the outcome needed, with its label."""
        given = [(need, self.details.get(need.key, "")) for need in self.outcome.needs]
        return [
            (need.label, CONSENT[text].label if need.kind == "consent" and text else text)
            for need, text in given
        ]

    @property
    def groups(self) -> list[tuple[Group, list[Shown]]]:
        """Every group with its rated points."""
        before = _ratings(self.earlier) if self.earlier else {}
        return [(group, [self._shown(p, before) for p in group.points]) for group in GROUPS]

    def _shown(self, point: Point, before: Mapping[str, int]) -> Shown:
        rating = self.ratings[point.id]
        was = before.get(point.id, rating)
        return Shown(
            point,
            LEVELS[rating],
            self.notes[point.id],
            changed=self.earlier is not None and point.id in self.changed,
            before=LEVELS[was] if was != rating else None,
        )


def _ratings(row: Suitability) -> dict[str, int]:
    return {point.point: point.level for point in row.points.all()}


def read(row: Suitability, earlier: Suitability | None = None) -> Reading:
    """Open an assessment; no query where its points are prefetched."""
    points = list(row.points.all())
    return Reading(
        row,
        _ratings(row),
        {point.point: point.note for point in points},
        json.loads(row.details or "{}"),
        frozenset(point.point for point in points if point.changed),
        earlier,
    )
