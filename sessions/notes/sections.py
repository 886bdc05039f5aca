"""The sections of a session note, and how they are kept: one encrypted JSON text."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

MOST = 200_000  # characters of a whole note
BETWEEN = re.compile(r"\n\n(?=— [^\n]+ —\n)")  # before a line between two windows


@dataclass(frozen=True)
class Section:
    """One part of a note. A required one must not be empty when the note is signed."""

    key: str
    label: Any
    help: Any
    required: bool = False


SECTIONS = (
    Section("course", _("What was worked on"), _("Theme, course, what you did."), True),
    Section(
        "client",
        _("State of the client and risk"),
        _("What you saw and heard; danger, and what was done. Nothing new is an answer too."),
        True,
    ),
    Section(
        "medium",
        _("Effect of the medium"),
        _("How picture, sound or the line affected the work, and what the client said of it."),
    ),
    Section("plan", _("Agreed for next time"), _("Tasks, next appointment, what to watch.")),
)


def read(text: str) -> dict[str, str]:
    """Return the sections of a stored note."""
    return json.loads(text) if text else {}


def write(values: Mapping[str, str]) -> str:
    """Return the text to store: filled sections only, "" when all are empty."""
    kept = {s.key: values[s.key].strip() for s in SECTIONS if values.get(s.key, "").strip()}
    return json.dumps(kept, ensure_ascii=False) if kept else ""


def together(kept: Mapping[str, str], typed: Mapping[str, str], line: str) -> dict[str, str]:
    """Return the words of two windows, section by section: what is kept, below it what was typed.

    :param line: what stands between them; a line of its own.
    """
    return {s.key: _below(kept.get(s.key, ""), typed.get(s.key, ""), line) for s in SECTIONS}


def _below(kept: str, typed: str, line: str) -> str:
    """Return both texts. What one only goes on from, and what was put below before, stands once."""
    kept, typed = (text.replace("\r\n", "\n").strip() for text in (kept, typed))
    if typed.startswith(kept):
        return typed
    if kept.startswith(typed):
        return kept
    had, has = kept.split("\n"), typed.split("\n")
    while had and has[0] == had[0]:
        del had[0], has[0]
    rest = "\n".join(has).strip("\n")
    put = kept.rpartition(" —\n")[2]  # after the last line between two windows
    if put != kept and rest.startswith(put):
        return kept + rest.removeprefix(put)
    return f"{kept}\n\n{line}\n{_new_blocks(kept, rest)}"


def _new_blocks(kept: str, rest: str) -> str:
    """Return what was typed without the blocks of other windows that stand in the note as they are.

    A block goes with the line above it: the same words below another line are others.
    """
    first, *blocks = BETWEEN.split(rest)
    stand = BETWEEN.split(kept)[1:]
    return "\n\n".join([first, *(block for block in blocks if block not in stand)])


def size(values: Mapping[str, str]) -> int:
    """Return how many characters a note has."""
    return sum(len(values.get(section.key, "")) for section in SECTIONS)
