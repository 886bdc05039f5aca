"""The sections of a session note, and how they are kept: one encrypted JSON text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

MOST = 200_000  # characters of a whole note


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


def size(values: Mapping[str, str]) -> int:
    """Return how many characters a note has."""
    return sum(len(values.get(section.key, "")) for section in SECTIONS)
