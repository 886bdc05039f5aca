"""What of an appointment changed since its client was told of it, in her words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.dates import moment
from clinic.kernel.letters import fill
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import Room
from sessions.appointments import Appointment, texts
from sessions.models import Channel, CounsellingSession

Details = dict[str, str | int]


def before_move(session: CounsellingSession) -> Details:
    """Return what the history keeps of a session that is about to be moved, with times of Taipei."""
    return {
        "old": session.starts_at.strftime("%Y-%m-%d %H:%M"),
        "old_minutes": session.minutes,
        "old_channel": session.channel,
        "old_room": session.room_id,
    }


@dataclass(frozen=True)
class Changed:
    """What to say of a change: ``what`` names it, ``before`` is all that she was told."""

    what: str
    before: str
    old_when: str


def changed_since(meeting: Appointment, told: Outbox) -> Changed | None:
    """Return what changed since the mail ``told``; None where nothing of it did.

    What that mail said is what the first move after it says that it was before. It is read from
    the history, which is the one place that keeps each time and way that a session ever had.
    """
    session = meeting.session
    moves = AuditEntry.objects.about(session).filter(verb="session.move").order_by("seq")
    move = moves.filter(at__gt=told.finished_at or told.created_at).first() or moves.last()
    old = before_move(session) | (move.details if move else {})
    start = timezone.make_aware(datetime.fromisoformat(old["old"]))
    mode = meeting.words("way", old["old_channel"], _room(session, old))
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


def _room(session: CounsellingSession, old: Details) -> Room:
    """The room that it was to be in; only a session in person tells where that is."""
    if old["old_channel"] != Channel.IN_PERSON or old["old_room"] == session.room_id:
        return session.room
    return Room.objects.select_related("premises__town__county").get(pk=old["old_room"])
