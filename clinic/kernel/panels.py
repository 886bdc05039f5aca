"""What other apps show on a page of the clinic: each names its panels in ``panels.py``.

The page knows no app; a panel is a template with its own context, in a constant number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Panel:
    """A part of a page."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[Any, Any, datetime], Panel | None]
# ``today`` and ``frame``, the frame of every page, have no subject.
PAGES = ("frame", "today", "case", "client", "session")
PANELS: dict[str, list[Maker]] = {page: [] for page in PAGES}


def panel(page: str) -> Callable[[Maker], Maker]:
    """Register ``maker(subject, user, now)`` for a page, a key of ``PANELS``."""

    def register(maker: Maker) -> Maker:
        PANELS[page].append(maker)
        return maker

    return register


def panels_for(page: str, subject: Any, user: Any, now: datetime) -> list[Panel]:
    """Return the panels of a page for one subject and reader."""
    made = (maker(subject, user, now) for maker in PANELS[page])
    return [panel for panel in made if panel is not None]
