"""The points of the opening check for a way, with the words that are said and the answers to tick."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from sessions.door.licences import of_intern
from sessions.models import CounsellingSession, DoorCheck

FILE = Path(__file__).resolve().parent.parent / "content" / "opening_check.toml"
Point = DoorCheck.Point

# Of every participant; the other points are asked once for all.
OF_EACH = frozenset(
    {
        Point.CLIENT_IDENTITY,
        Point.PLACE,
        Point.PRIVATE,
        Point.LINE,
        Point.DISCONNECT_PLAN,
        Point.STATE_TODAY,
    }
)
# Ticked beforehand with the first answer: what is on file and was agreed, confirmed by sending.
ON_FILE = frozenset({Point.ROOM, Point.PLACE, Point.DISCONNECT_PLAN})


@dataclass(frozen=True)
class Option:
    """One answer: its key, its words, the result it stands for, and what it rests on ("" nothing)."""

    key: str
    label: str
    result: str
    needs: str = ""


@dataclass(frozen=True)
class Asked:
    """One point as it is asked by one way, in the reader's language."""

    point: str
    say: str
    safe: str
    options: tuple[Option, ...]

    def option_of(self, key: str) -> Option:
        """Return an answer by its key. Raises KeyError for one that does not exist."""
        return {option.key: option for option in self.options}[key]


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def asked_in(session: CounsellingSession) -> list[Asked]:
    """Return the points of a session's door in the order in which they are asked.

    The words of video serve where a way has none of its own, everybody's where an intern has none.
    """
    language = "en" if get_language() == "en" else "zh"
    several, intern = session.case.modality != "individual", of_intern(session)
    found = []
    for point, everybodys in _content().items():
        if point != Point.ROLES or several:
            ways = everybodys.get("intern", everybodys) if intern else everybodys
            words = ways.get(session.channel, ways["video"])
            found.append(_asked(point, words, language))
    return found


def _asked(point: str, words: dict[str, Any], language: str) -> Asked:
    options = tuple(
        Option(o["key"], o[language], o["result"], o.get("needs", "")) for o in words["options"]
    )
    return Asked(point, words[f"say_{language}"], words.get(f"safe_{language}", ""), options)
