"""Where stored to-dos are worked on. The app whose affair one is knows its page; the kernel does not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.kernel.tasks.models import Task


@dataclass(frozen=True)
class TaskPlace:
    """The page of a to-do: its address, and what the link to it says."""

    url: str
    words: str


Places = Callable[[Sequence[Task], Any], Mapping[int, TaskPlace]]
SOURCES: list[Places] = []


def task_places(source: Places) -> Places:
    """Register ``source(tasks, user)``: by a to-do's key the page that ``user`` may open.

    It asks a constant number of queries, and none where no to-do is its own.
    """
    SOURCES.append(source)
    return source


def places_of(tasks: Sequence[Task], user: Any) -> dict[int, TaskPlace]:
    """Return where these to-dos are worked on, by their keys; of some there is no page."""
    return {pk: place for source in SOURCES for pk, place in source(tasks, user).items()}
