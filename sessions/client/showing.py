"""What the page of an appointment shows: the same as the mail, and the call once it is open."""

from datetime import datetime
from typing import Any

from clinic.kernel.dates import moment
from sessions.appointments import CALL_OPENS, Appointment, State


def shown(meeting: Appointment, now: datetime, *, proven: bool, locked: bool) -> dict[str, Any]:
    """Return the context of the page. Neutral words where safe contact asks for them.

    ``call``: ``no`` (not by video), ``later``, ``prove``, ``locked`` or ``open``.
    ``hidden``: how and with whom they meet is told once the birth date is entered.
    """
    session, head, neutral = meeting.session, meeting.head, meeting.neutral
    phone = head["neutral_phone"] if neutral else head["clinic_phone"]
    hidden = neutral and not proven
    call = _call(meeting, now, proven=proven, locked=locked)
    return {
        "state": _state(meeting, now),
        "clinic_name": head["neutral_name"] if neutral else head["clinic_name"],
        "phone": phone,
        "clinic_time": meeting.clinic_time,
        "her_time": meeting.her_time,
        "minutes": session.minutes,
        "hidden": hidden,
        "way": "" if hidden else meeting.words("way"),
        "with_whom": "" if hidden else session.counsellor.name,
        "preparing": [] if hidden else meeting.preparing,
        "call": call,
        "may_be_called": meeting.person.may_be_called,
        "call_link": session.call_link if call == "open" else "",
        "opens": moment(meeting.start - CALL_OPENS, meeting.zone, language=meeting.language),
    }


def _state(meeting: Appointment, now: datetime) -> str:
    """``cancelled``, ``over``, ``ask`` where it may not take place, else ``standing``."""
    if meeting.session.state == State.CANCELLED:
        return "cancelled"
    if meeting.over(now):
        return "over"
    return "ask" if meeting.session.is_stranded else "standing"


def _call(meeting: Appointment, now: datetime, *, proven: bool, locked: bool) -> str:
    asked = "locked" if locked else "prove"
    if meeting.neutral and not proven:  # at any time: no mail told her which way it is
        return asked
    if meeting.session.channel != "video":
        return "no"
    if not meeting.call_open(now):
        return "later"
    return "open" if proven else asked
