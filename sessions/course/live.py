"""What the live page offers and has recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sessions.door.actions import not_to_be_called
from sessions.events import log
from sessions.models import Channel, CounsellingSession, SessionEvent
from sessions.wording import disconnect_steps

Kind = SessionEvent.Kind
ICONS = {
    Kind.DISCONNECTED: "line-off",
    Kind.RECONNECTED: "line-on",
    Kind.BY_TELEPHONE: "phone",
    Kind.BYSTANDER: "group",
    Kind.PAUSED: "pause",
    Kind.CLIENT_ASKED_STOP: "end",
    Kind.WE_ASKED_STOP: "end",
}
OF_THE_LINE = {Kind.DISCONNECTED, Kind.RECONNECTED, Kind.BY_TELEPHONE}


@dataclass(frozen=True)
class Button:
    """One event that a tap records."""

    kind: str
    label: Any
    icon: str


def buttons(session: CounsellingSession) -> list[Button]:
    """Return the events that may be tapped.

    By telephone, nothing can go on by telephone; in person there is no line at all.
    """
    left_out = {
        Channel.VIDEO: frozenset(),
        Channel.TELEPHONE: {Kind.BY_TELEPHONE},
        Channel.IN_PERSON: OF_THE_LINE,
    }[session.channel]
    return [Button(k, k.label, icon) for k, icon in ICONS.items() if k not in left_out]


def at_hand(session: CounsellingSession, now: datetime) -> dict[str, Any]:
    """Return what the page shows beside the note: clock, taps, log, the plan for a broken line."""
    seconds = int((now - session.started_at).total_seconds())
    silent = not_to_be_called(session)
    return {
        "seconds": seconds,
        "minutes_gone": seconds // 60,
        "buttons": buttons(session),
        "log": log(session),
        "steps": disconnect_steps(session, call=not silent) if session.is_tele else [],
        "silent": silent,
    }
