"""What a booking would meet, shown before it is saved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clinic.cases.models import Case
from clinic.errors import Refused
from clinic.kernel.readiness import Finding
from sessions.booking.actions import ask_link, stops_booking
from sessions.booking.occupying import conflicts, resources_of
from sessions.booking.times import check_time
from sessions.models import CounsellingSession
from sessions.planning import plan_anew


@dataclass(frozen=True)
class Preview:
    """Why the time cannot be had, what is busy, and what the gate misses already."""

    refused: str
    busy: tuple[str, ...]
    missing: tuple[Finding, ...]

    @property
    def free(self) -> bool:
        """Whether it could be booked as it is."""
        return not (self.refused or self.busy or self.missing)


def preview_booking(case: Case, values: dict[str, Any], now: datetime) -> Preview:
    """Look at a new session of ``case`` with the values of the form."""
    return _preview(case, values, now, but=None)


def preview_move(session: CounsellingSession, values: dict[str, Any], now: datetime) -> Preview:
    """Look at another time for ``session``."""
    return _preview(session.case, values, now, but=session.pk)


def _preview(case: Case, values: dict[str, Any], now: datetime, but: int | None) -> Preview:
    start, room = values["start"], values["room"]
    try:
        during = check_time(start, values["minutes"], now)
        ask_link(values["channel"], values["call_link"])
    except Refused as refused:
        return Preview(str(refused), (), ())
    resources = resources_of(case.counsellor_id, room, case.people)
    plan = plan_anew(
        case,
        channel=values["channel"],
        start=start,
        end=during.upper,
        room=room,
        place=values.get("place"),
    )
    return Preview("", tuple(conflicts(during, resources, but)), tuple(stops_booking(plan, now)))
