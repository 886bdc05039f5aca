"""Which form an assessment starts with, and which earlier assessment it carries over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from clinic.cases.models import Case
from sessions.models import Suitability
from sessions.suitability.actions import SAME_PRESS
from sessions.suitability.reading import Reading, read

FULL, SHORT = Suitability.Form.FULL, Suitability.Form.SHORT


@dataclass(frozen=True)
class Start:
    """``kind``: full or short; ``last``: what is carried over; ``stale``: it was another one."""

    kind: str
    last: Reading | None
    stale: bool = False


def start_of(case: Case, asked: Mapping[str, str], user, now: datetime) -> Start:
    """Return how a form begins, or begins again with what was typed (``asked``).

    A form sent twice by the same hand is compared with what it was filled in against.
    """
    newest = Suitability.objects.of_case(case).first()
    if newest is None:
        return Start(FULL, None)
    if "seen" not in asked:
        short = asked.get("kind") != FULL and Suitability.objects.short_may_follow(case)
        return Start(SHORT if short else FULL, read(newest))
    kind = FULL if asked.get("kind") == FULL else SHORT
    if asked["seen"] == str(newest.pk):
        return Start(kind, read(newest))
    just_now = newest.by_id == user.pk and now - newest.at <= SAME_PRESS
    if just_now and not asked["seen"]:  # the case's first one, pressed twice
        return Start(kind, None)
    seen = Suitability.objects.of_case(case).numbered(asked["seen"]) if just_now else None
    return Start(kind, read(seen or newest), stale=seen is None)
