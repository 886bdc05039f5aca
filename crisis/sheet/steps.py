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


def guide(values: Mapping[str, str]) -> Guide:
    """Return the lines. ``values`` fills the placeholders that ``[meta]`` names."""
    reading = _Reading("en" if get_language() == "en" else "zh", values)
    meta, script, over = WORDS["meta"], WORDS["operator_script"], WORDS["overheard"]
    situations = [reading.situation(raw) for raw in WORDS["situations"]]
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

    def __init__(self, language: str, values: Mapping[str, str]):
        self.language, self.values = language, values

    def fill(self, text: str) -> str:
        return text.format_map(self.values)

    def one(self, raw: Mapping[str, Any], name: str) -> str:
        return self.fill(raw.get(f"{name}_{self.language}", ""))

    def situation(self, raw: Mapping[str, Any]) -> Situation:
        return Situation(
            id=raw.get("id", ""),
            title=self.one(raw, "title"),
            when=self.one(raw, "when"),
            steps=[Step(self.fill(s[self.language]), s["hotlines"]) for s in raw["steps"]],
            say=[self.fill(line) for line in raw.get("say", {}).get(self.language, [])],
            overheard=self.one(raw, "say_if_overheard"),
        )
