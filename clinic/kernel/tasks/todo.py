"""Tasks that nobody stores: each app derives them by a query, in its ``todo.py``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Todo:
    """One thing to do. ``state`` is ``stop``, ``fix`` or ``info``.

    With one action, or with none (an empty ``action_url``) where it is done outside the software.
    """

    state: str
    icon: str
    title: Any
    detail: Any
    action_url: str
    action_label: Any


Source = Callable[[Any, datetime], Iterable[Todo]]
SOURCES: list[Source] = []
ORDER = {"stop": 0, "fix": 1, "info": 2}


def todo(source: Source) -> Source:
    """Register ``source(user, now)``; it asks a constant number of queries."""
    SOURCES.append(source)
    return source


def todos_for(user: Any, now: datetime) -> list[Todo]:
    """Return everything this user has to do, the gravest first."""
    found = [item for source in SOURCES for item in source(user, now)]
    return sorted(found, key=lambda item: ORDER[item.state])
