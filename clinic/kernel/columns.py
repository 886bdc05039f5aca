"""What other apps say in a list of the clinic: each names its columns in ``columns.py``.

The list knows no app; a column is made for a page of rows at once, in a constant number of queries.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Cell:
    """What stands in a list about one row.

    ``state`` is go, fix, stop, none or info, and empty for plain words; ``url`` is where it leads.
    """

    state: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its head, the clause that asks for it, and its cells by the rows' primary key."""

    title: Any
    cells: Mapping[int, Cell]
    clause: str = ""


Maker = Callable[[Sequence[Any], Any, datetime], Column]
COLUMNS: dict[str, dict[int, Maker]] = {"clients": {}, "staff": {}}


def column(name: str, *, place: int) -> Callable[[Maker], Maker]:
    """Register ``maker(rows, user, now)`` for a list: ``clients`` or ``staff``.

    ``place`` counts from the left, among what other apps say; no two share one.
    """

    def register(maker: Maker) -> Maker:
        taken = COLUMNS[name].setdefault(place, maker)
        if taken is not maker:
            raise ImproperlyConfigured(f"Column {place} of {name} is taken by {taken.__module__}.")
        return maker

    return register


def columns_for(name: str, rows: Sequence[Any], user: Any, now: datetime) -> list[Column]:
    """Return the columns of a list for one page of its rows and one reader."""
    makers = COLUMNS[name]
    return [makers[place](rows, user, now) for place in sorted(makers)]


def cells_of(row: Any, columns: Sequence[Column]) -> list[tuple[Column, Cell | None]]:
    """Return what each column says of a row; None where it has nothing to say."""
    return [(each, each.cells.get(row.pk)) for each in columns]
