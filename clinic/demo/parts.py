"""What other apps add to the demo: each names its part in ``demo.py``, through its own actions."""

from collections.abc import Callable
from datetime import datetime

from clinic.accounts.models import User

Part = Callable[[dict[str, User], datetime], None]
PARTS: list[Part] = []
ENDINGS: list[Part] = []


def demo_part(part: Part) -> Part:
    """Register ``part(members, now)``; ``members`` are the staff by their key in the cast."""
    PARTS.append(part)
    return part


def demo_end(part: Part) -> Part:
    """Register a part that builds on the parts of all apps; told after them."""
    ENDINGS.append(part)
    return part
