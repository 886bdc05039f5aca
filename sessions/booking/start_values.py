"""What the forms of booking begin with."""

from collections.abc import Mapping
from typing import Any

from clinic.cases.models import Case
from clinic.people.places import Place
from sessions.models import Channel, CounsellingSession


def first_values(case: Case, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return day and time of the address (from a gap in the calendar), the rest as last time."""
    last = CounsellingSession.objects.latest_of(case)
    values: dict[str, Any] = {name: asked[name] for name in ("day", "time") if asked.get(name)}
    if last is None:
        return {"channel": Channel.VIDEO} | values
    as_before = {"channel": last.channel, "room": last.room_id, "minutes": last.minutes}
    return as_before | {"call_link": last.call_link} | values


def places_for(case: Case) -> list[Place]:
    """Return where the people of a case may be, the usual place first."""
    return list(Place.objects.in_use().of(case.people))


def values_of(session: CounsellingSession) -> dict[str, Any]:
    """Return the values of a booked session."""
    return {
        "day": session.starts_at.date(),
        "time": session.starts_at.strftime("%H:%M"),
        "minutes": session.minutes,
        "channel": session.channel,
        "call_link": session.call_link,
        "room": session.room_id,
        "version": session.version,
    }
