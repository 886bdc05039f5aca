"""Looking into a PDF of unknown origin, in a cell that holds nothing of value."""

from typing import Any

from clinic.kernel.documents.cells import Cell, CellEnded, CellRefused, CellTookTooLong

# Anybody may ask, and a web process waits for the answer, in which it serves nobody else. A sealed
# document takes far less than a second; the rest is room for a machine that has much to do.
_cell = Cell("inspecting", cpu_seconds="3", wall_seconds="3")


class Unreadable(ValueError):
    """It is not a PDF that can be read."""


class NotRead(Unreadable):
    """The time was over, or the cell was killed: nothing is known of it, and it may be tried again."""


def inspect(content: bytes) -> dict[str, Any]:
    """Return ``encrypted``, ``pages`` and ``seals`` of a PDF. Raises Unreadable, NotRead."""
    try:
        return _cell.ask({}, content)[0]
    except (CellTookTooLong, CellEnded) as error:
        raise NotRead(str(error)) from error
    except CellRefused as error:
        raise Unreadable(str(error)) from error
