"""Writing a note: kept as it is typed, signed once, amended beside."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.errors import Refused
from clinic.kernel.action import action, ask, record
from clinic.kernel.outbox.post import UNDO
from clinic.staff.models import Practitioner
from sessions.access import ask_for_session, ask_licensed, overseers
from sessions.locked import lock
from sessions.models import Amendment, CounsellingSession, Note, NoteCosignature
from sessions.notes.sections import MOST, SECTIONS, read, size, together, write
from sessions.notes.senders import Sender, came_before, has_seen_all, remember
from sessions.planning import kind_of

State = CounsellingSession.State
WRITABLE = (State.STARTED, State.ENDED)


@action("note.save", says=gettext_lazy("kept the draft of the note"))
def save_draft(
    *,
    session: CounsellingSession,
    values: Mapping[str, str],
    revision: int,
    sender: Sender | None = None,
    by,
    now: datetime,
) -> Note:
    """Keep what was typed so far.

    :param revision: the one that was shown when typing began; 0 for a note not begun. When another
        window saved in between, these words go below its words: no window overwrites or loses any.
    :param sender: the window; of its own drafts the latest holds, whatever the order of arrival.
    """
    ask_for_session(session, by)
    row = lock(session)
    note = _note_to_write(row, by, now)
    if came_before(note, sender):
        record(row, said=gettext_lazy("It stood there already."))
        return note
    seen = has_seen_all(note, revision, sender)
    if not seen:
        at = date_format(timezone.localtime(now), "H:i")
        line = _("From another window, %(time)s") % {"time": at}
        values = together(content(note), values, f"— {line} —")
    _write(note, values, now)
    remember(note, revision if seen else None, sender)
    note.save(update_fields=["senders"])
    record(row)
    return note


def _note_to_write(row: CounsellingSession, by, now: datetime) -> Note:
    """Return the note of a session, begun where it is not yet; refused once it is signed."""
    if row.state not in WRITABLE:
        raise Refused("notes.no_session", _("The session has not begun, so it has no note."))
    note = Note.objects.filter(session=row).first()
    if note is None:
        note = Note(session=row, written_by=by, by_telecommunication=row.is_tele, saved_at=now)
        note.revision = 0
    _ask_unsigned(note)
    return note


def _write(note: Note, values: Mapping[str, str], now: datetime) -> None:
    if size(values) > MOST:
        raise Refused(
            "notes.long",
            _("The note has %(size)s characters; it can hold %(most)s.")
            % {"size": f"{size(values):,}", "most": f"{MOST:,}"},
            _("Please shorten it."),
        )
    text = write(values)
    if text != note.text or note.pk is None:
        note.text, note.saved_at, note.revision = text, now, note.revision + 1
        note.save()


def _ask_unsigned(note: Note) -> None:
    if note.is_signed:
        raise Refused(
            "notes.signed",
            _("This note is signed and cannot be changed."),
            _("Add an amendment instead."),
        )


@action("note.sign", says=gettext_lazy("signed the note"))
def sign(
    *,
    session: CounsellingSession,
    values: Mapping[str, str],
    revision: int,
    sender: Sender | None = None,
    by,
    now: datetime,
) -> Note:
    """Sign the note of an ended session. Nothing in it can be changed afterwards.

    Words of another window that this one does not show are never signed unseen.
    """
    ask_for_session(session, by)
    row = lock(session)
    if row.state != State.ENDED:
        raise Refused(
            "notes.not_ended", _("The session has not ended yet."), _("Please end it first.")
        )
    for section in SECTIONS:
        if section.required and not values.get(section.key, "").strip():
            raise Refused(
                "notes.empty",
                _("This part is needed before you sign."),
                field=section.key,
            )
    note = _note_to_write(row, by, now)
    if came_before(note, sender) or not has_seen_all(note, revision, sender):
        raise Refused(
            "notes.elsewhere",
            _("This note was saved elsewhere in the meantime, perhaps in another tab."),
            _("Press “Keep the draft”: then both texts stand in it. Read it and sign."),
        )
    _write(note, values, now)
    note.signed_by, note.signed_at, note.senders = by, now, []
    note.by_intern = kind_of(by) in Practitioner.INTERNS
    note.save(update_fields=["signed_by", "signed_at", "by_intern", "senders"])
    record(row)
    record(row.case, note=str(row.starts_at.date()))
    return note


@action("note.amend", says=gettext_lazy("amended the note"))
def amend(*, note: Note, text: str, by, now: datetime) -> Amendment:
    """Add a correction or an addition beside a signed note.

    Sent twice within minutes, it stands there once; the same words on another day are another.
    """
    ask_for_session(note.session, by)
    if not note.is_signed:
        raise Refused("notes.unsigned", _("This note is not signed yet; change it directly."))
    session = lock(note.session)  # the same sent a second time waits here for the first
    newest = Amendment.objects.filter(note=note, by=by).last()
    if newest and newest.text == text and now <= newest.at + UNDO:
        record(session, said=gettext_lazy("It stood there already."))
        return newest
    amendment = Amendment(note=note, text=text, by=by, at=now)
    amendment.save()
    record(session)
    record(session.case, note=str(session.starts_at.date()))
    return amendment


@action("note.cosign", says=gettext_lazy("signed the intern's note as supervisor"))
def cosign(*, note: Note, by, now: datetime) -> NoteCosignature:
    """The supervisor's signature under an intern's signed note (G9.3), under a licence in force."""
    session = note.session
    ask(by.pk in overseers(session), _("Only the supervisor does this."))
    if not note.is_signed:
        raise Refused("notes.unsigned", _("This note is not signed yet."))
    if not note.is_by_intern:
        raise Refused("notes.no_intern", _("This note needs no second signature."))
    ask_licensed(by, timezone.localdate(now))
    cosignature, new = NoteCosignature.objects.get_or_create(
        note=note, defaults={"by": by, "at": now}
    )
    said = None if new else gettext_lazy("It was signed already.")
    record(session, said=said)
    record(session.case, said=said, note=str(session.starts_at.date()))
    return cosignature


def may_cosign(note: Note | None, user) -> bool:
    """Whether ``user`` is to sign under this note as supervisor."""
    if note is None or not note.is_signed or hasattr(note, "cosignature"):
        return False
    return note.is_by_intern and user.pk in overseers(note.session)


def note_of(session: CounsellingSession) -> Note | None:
    """Return the note of a session with its signatures and amendments; None where none is begun."""
    return Note.objects.of(session)


def content(note: Note | None) -> dict[str, str]:
    """Return the sections of a note; empty where it is not begun."""
    return read(note.text) if note else {}
