"""What mails about sessions say, decided when they leave: each asks again whether it still holds."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.dates import moment
from clinic.kernel.letters import compose
from clinic.kernel.links.views import link_url
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import Drop, Letter, Recipient, handler, responsible
from clinic.organisation.letterhead import letterhead
from sessions import emails
from sessions.appointments import Appointment, appointment, taking_part
from sessions.calendar_file import calendar_file
from sessions.changes import changed_since
from sessions.client.links import link_for
from sessions.emails import CANCELLATION, CHANGE, CONFIRMATION, NEWS, is_overtaken, left
from sessions.models import CounsellingSession
from sessions.reminders import REMINDERS, minute
from sessions.suitability.stopping import that_cannot_be

State = CounsellingSession.State
GONE = Drop("not taking part")
MOVED_ON = Drop(emails.MOVED_ON)
NOT_BOOKED = Drop(emails.NOT_BOOKED)
CASE_CLOSED = Drop("case closed")
ACCOUNT_CLOSED = Drop("account closed")
ASSESSED_OTHERWISE = Drop(emails.ASSESSED_OTHERWISE)
TOO_LATE = Drop(emails.TOO_LATE)
NOBODY_TOLD = Drop("nobody was told")


def _session_number(row: Outbox) -> int:
    return int(row.occasion.removeprefix("session:"))


@responsible("session")
def of_session(row: Outbox) -> int | None:
    """The psychologist of the session telephones her client."""
    sessions = CounsellingSession.objects.select_related("counsellor")
    counsellor = sessions.get(pk=_session_number(row)).counsellor
    return counsellor.pk if row.is_to_client and not counsellor.has_left else None


def _meeting(row: Outbox) -> Appointment | None:
    found = taking_part(_session_number(row), int(row.recipient.removeprefix("person:")))
    return appointment(*found) if found else None


@handler(CONFIRMATION, gettext_lazy("appointment confirmed"))
@handler(CHANGE, gettext_lazy("appointment changed"))
def news(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    """When the session is, and what of it changed since she was told.

    A plain confirmation for who was never told of it, or of anything else than what holds again.
    """
    meeting = _meeting(row)
    if who is None or meeting is None:
        return GONE
    if gone := _will_not_be(meeting.session):
        return gone
    if is_overtaken(row):
        return MOVED_ON
    if meeting.session.state != State.BOOKED or now >= meeting.start:
        return TOO_LATE
    told = left(row, NEWS) if row.kind == CHANGE else None
    changed = changed_since(meeting, told) if told else None
    if changed is None:
        if that_cannot_be([meeting.session]):
            return ASSESSED_OTHERWISE
        return _letter(CONFIRMATION, meeting, who, now, prepare="booked")
    return _letter(CHANGE, meeting, who, now, prepare="booked", **vars(changed))


@handler(CANCELLATION, gettext_lazy("appointment cancelled"))
def cancellation(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    """Only for who was told of the session; until its planned end, for she may be waiting."""
    meeting = _meeting(row)
    if who is None or meeting is None:
        return GONE
    if meeting.session.state != State.CANCELLED or is_overtaken(row):
        return MOVED_ON
    if left(row, (*NEWS, *REMINDERS)) is None:
        return NOBODY_TOLD
    if now >= meeting.end:
        return TOO_LATE
    by_client = meeting.session.cancelled_side == CounsellingSession.Side.CLIENT
    side = {"cancelled_by": _("you") if by_client else _("the clinic")}
    return _letter(CANCELLATION, meeting, who, now, prepare="", **side)


@handler("session_reminder_24h", gettext_lazy("reminder the day before"))
@handler("session_reminder_1h", gettext_lazy("reminder an hour before"))
def reminder(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    """For the time it was written for; a late one is dropped."""
    meeting = _meeting(row)
    if who is None or meeting is None:
        return GONE
    if gone := _will_not_be(meeting.session):
        return gone
    if minute(meeting.start) != row.version:
        return MOVED_ON
    begun = meeting.session.state != State.BOOKED
    if begun or now >= meeting.start - REMINDERS[row.kind].latest:
        return TOO_LATE
    if that_cannot_be([meeting.session]):
        return ASSESSED_OTHERWISE
    part = "soon" if row.kind == "session_reminder_1h" else "day_before"
    return _letter(row.kind, meeting, who, now, prepare=part)


def _will_not_be(session: CounsellingSession) -> Drop | None:
    """Why nobody is to be told to come: cancelled, or left standing where it cannot begin."""
    if session.state == State.CANCELLED:
        return NOT_BOOKED
    if session.is_stranded:
        return CASE_CLOSED if session.case.closed_at else ACCOUNT_CLOSED
    return None


def _letter(
    kind: str,
    meeting: Appointment,
    who: Recipient,
    now: datetime,
    *,
    prepare: str,
    **more: str,
) -> Letter:
    """Compose a client's letter with its .ics. ``prepare``: which sentences on preparing."""
    values = meeting.head | {
        "recipient_name": who.name,
        "practitioner_name": meeting.session.counsellor.name,
        "when": meeting.clinic_time,
        "times": meeting.times,
        "duration": str(meeting.session.minutes),
        "mode": meeting.words("way"),
        "prepare": meeting.words(prepare) if prepare else "",
        "link": link_url(link_for(meeting, now).token),
    }
    file = calendar_file(meeting, now, cancelled=kind == CANCELLATION)
    return replace(compose(kind, who, values | more), files=(file,))


@handler("start_despite", gettext_lazy("a session started with a reason"))
def start_despite(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    """A session began although something was missing: the mail names the code of the case only."""
    if who is None:
        return Drop("account closed")
    sessions = CounsellingSession.objects.select_related("case", "counsellor")
    session = sessions.get(pk=_session_number(row))
    attempt = session.attempts.get(started=True)
    hers = row.recipient == session.counsellor.actor_label  # her supervisor began it
    values = letterhead() | {
        "recipient_name": who.name,
        "talk_to": _("the supervisor") if hers else _("the psychologist"),
        "notice_kind": _("a session was started with a reason"),
        "raised_at": moment(row.created_at),
        "case_code": session.case.code,
        "link": settings.PUBLIC_BASE_URL + reverse("session_despite", args=[attempt.pk]),
    }
    return compose("supervisor_notice", who, values)
