"""What of an appointment changed since its client was told of it, in her words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import Range
from django.utils import timezone

from clinic.kernel.action import apply_changes
from clinic.kernel.audit.models import AuditEntry, AuditQuerySet
from clinic.kernel.dates import moment
from clinic.kernel.letters import fill
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import Premises, Room, Town
from sessions.appointments import Appointment, texts
from sessions.models import Channel, CounsellingSession

Details = dict[str, Any]


def before_move(session: CounsellingSession) -> Details:
    """Return what the history keeps of a session that is about to be moved, with times of Taipei."""
    return {
        "old": session.starts_at.strftime("%Y-%m-%d %H:%M"),
        "old_minutes": session.minutes,
        "old_channel": session.channel,
        "old_room": session.room_id,
    }


def set_anew(session: CounsellingSession, during: Range, *, room: Room, **way: str) -> Details:
    """Give a session its new room and way; return what its history shows, each from what to what.

    The time is set with what it keeps busy; of the link to the call no more than that it changed.
    """
    set_by_hand = {
        "during": [_span(session.during), _span(during)],
        "room": [_where(session.room), _where(room)],
    }
    changes = {name: [old, new] for name, (old, new) in set_by_hand.items() if old != new}
    session.room = room
    changes |= apply_changes(session, way)
    return {"changes": changes, "fields_of": session._meta.label_lower}


def _span(during: Range) -> str:
    start, end = timezone.localtime(during.lower), timezone.localtime(during.upper)
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"


def _where(room: Room) -> str:
    return f"{room.premises.name}・{room.name}"


@dataclass(frozen=True)
class Changed:
    """What to say of a change: ``what`` names it, ``before`` is all that she was told."""

    what: str
    before: str
    old_when: str


def changed_since(meeting: Appointment, told: Outbox) -> Changed | None:
    """Return what changed since the mail ``told``; None where nothing of it did.

    What that mail said is what the first move after it says that it was before; without one, what
    the last says that was made since it was written, for it may have left that very moment. It is
    read from the history, the one place that keeps each time and way that a session ever had.
    """
    session = meeting.session
    since = told.finished_at or told.created_at
    moves = AuditEntry.objects.about(session).filter(verb="session.move").order_by("seq")
    move = moves.filter(at__gt=since).first() or moves.filter(at__gt=told.created_at).last()
    old = before_move(session) | (move.details if move else {})
    start = timezone.make_aware(datetime.fromisoformat(old["old"]))
    mode = meeting.words("way", old["old_channel"], _premises(session, old, since))
    differs = {
        "time": start != meeting.start,
        "length": old["old_minutes"] != session.minutes,
        "way": mode != meeting.words("way"),
    }
    words = texts()["changed"]
    what = [words[f"{name}_{meeting.language}"] for name, new in differs.items() if new]
    if not what:
        return None
    when = moment(start, language=meeting.language)
    values = {"when": when, "duration": str(old["old_minutes"]), "mode": mode}
    said = fill(words[f"before_{meeting.language}"], values)
    return Changed(words[f"and_{meeting.language}"].join(what), said, when)


def _premises(session: CounsellingSession, old: Details, since: datetime) -> Premises:
    """Where it was to be, as she was told; only a session in person tells where that is."""
    if old["old_channel"] != Channel.IN_PERSON:
        return session.room.premises
    rooms = Room.objects.select_related("premises__town__county")
    premises = rooms.get(pk=old["old_room"]).premises
    corrected = corrections().about(premises).filter(at__gt=since).order_by("seq").first()
    if corrected is None:
        return premises
    was = corrected.details["was"]
    town = Town.objects.select_related("county").get(pk=was["town"])
    return Premises(town=town, street=was["street"])


def corrections() -> AuditQuerySet:
    """What the history keeps of premises whose address was corrected; ``was``: the one before."""
    return AuditEntry.objects.filter(
        subject_label=Premises._meta.label_lower, verb="premises.save", details__has_key="was"
    )
