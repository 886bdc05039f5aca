"""An appointment as a calendar file (RFC 5545, RFC 5546). Neutral for everybody: calendars are shared.

Times are in UTC, which each calendar shows in its own zone. It names nobody and tells no place.
"""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from clinic.organisation.letterhead import letterhead
from sessions.appointments import Appointment, texts

PRODUCT = "-//Appointments//1.0//EN"


def calendar_file(
    appointment: Appointment, now: datetime, *, cancelled: bool = False
) -> tuple[str, bytes, str]:
    """Return (name, content, type) of the file that adds, moves or removes the appointment.

    The UID stays with the session and the person, so that a later file replaces an earlier one;
    the session's version is its sequence.
    """
    session, method = appointment.session, "CANCEL" if cancelled else "PUBLISH"
    event = Event()
    event.add("uid", f"{uuid.uuid5(session.seal, str(appointment.person.seal))}@{_domain()}")
    event.add("sequence", session.version)
    event.add("dtstamp", now)
    event.add("dtstart", _utc(appointment.start))
    event.add("dtend", _utc(appointment.end))
    event.add("summary", texts()["calendar"][f"summary_{appointment.language}"])
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("organizer", _organizer())
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return "appointment.ics", calendar.to_ical(), f"text/calendar; method={method}"


def _domain() -> str:
    return settings.MAIL_FROM.rpartition("@")[2]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _organizer() -> vCalAddress:
    """The sender of the letters, by the neutral name; a parameter holds no quotes or lines."""
    organizer = vCalAddress(f"mailto:{settings.MAIL_FROM}")
    name = "".join(c for c in letterhead()["neutral_name"] if c.isprintable() and c != '"')
    organizer.params["cn"] = vText(name)
    return organizer
