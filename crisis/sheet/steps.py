"""The default lines of crisis mode, from ``crisis/content/steps.toml``, in the reader's language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

CONTENT = Path(__file__).resolve().parent.parent / "content"
WORDS: dict[str, Any] = tomllib.loads((CONTENT / "steps.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Step:
    """One line, with the national numbers it speaks of."""

    text: str
    hotlines: list[str]


@dataclass(frozen=True)
class Situation:
    """A situation: when it is one, what to do, what to say."""

    id: str
    title: str
    when: str
    steps: list[Step]
    say: list[str]
    overheard: str = ""


@dataclass(frozen=True)
class Guide:
    """All lines of the page with this session's names in their places."""

    review: str
    disclaimer: str
    common: Situation
    operator: Situation
    operator_note: str
    overheard: Situation
    situations: list[Situation]


def guide(values: Mapping[str, str], *, here: bool = False) -> Guide:
    """Return the lines. ``values`` fills the placeholders that ``[meta]`` names.

    ``here``: both sit in one room; what only makes sense at a distance falls away.
    """
    reading = _Reading("en" if get_language() == "en" else "zh", values, here)
    meta, script, over = WORDS["meta"], WORDS["operator_script"], WORDS["overheard"]
    situations = [reading.situation(r) for r in WORDS["situations"] if reading.fits(r)]
    listened = next(raw for raw in WORDS["situations"] if raw["id"] == over["situation"])
    chosen = [step for step in listened["steps"] if step["n"] in over["lines"]]
    return Guide(
        review=reading.one(meta, "review"),
        disclaimer=reading.one(meta, "disclaimer"),
        common=reading.situation(WORDS["common"]),
        operator=reading.situation(script | {"steps": [], "say": script}),
        operator_note=reading.one(script, "note"),
        overheard=reading.situation(listened | over | {"steps": chosen, "say": {}}),
        situations=situations,
    )


class _Reading:
    """Reads the file in one language, with the placeholders filled."""

    def __init__(self, language: str, values: Mapping[str, str], here: bool):
        self.language, self.values, self.here = language, values, here

    def fits(self, raw: Mapping[str, Any]) -> bool:
        """Whether a line or situation is one of where they are."""
        return not (self.here and raw.get("at_a_distance"))

    def own(self, raw: Mapping[str, Any]) -> Any:
        """Return the words; where both sit in one room, those for there if there are any."""
        usual = raw.get(self.language, [])
        return raw.get(f"here_{self.language}", usual) if self.here else usual

    def fill(self, text: str) -> str:
        return text.format_map(self.values)

    def one(self, raw: Mapping[str, Any], name: str) -> str:
        return self.fill(raw.get(f"{name}_{self.language}", ""))

    def situation(self, raw: Mapping[str, Any]) -> Situation:
        return Situation(
            id=raw.get("id", ""),
            title=self.one(raw, "title"),
            when=self.one(raw, "when"),
            steps=[
                Step(self.fill(self.own(s)), s["hotlines"]) for s in raw["steps"] if self.fits(s)
            ],
            say=[self.fill(line) for line in self.own(raw.get("say", {}))],
            overheard=self.one(raw, "say_if_overheard"),
        )
