"""Booking, moving, cancelling. What stops a booking is said with its clause and its remedy."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.cases.models import Case
from clinic.errors import Refused
from clinic.kernel.action import action, record
from clinic.kernel.outbox.post import UNDO
from clinic.kernel.readiness import Finding, Phase, Planned, assess
from clinic.organisation.models import Room
from clinic.people.places import Place
from sessions import emails
from sessions.access import ask_for_case, ask_for_session, ask_may_cancel
from sessions.booking.occupying import (
    hold,
    move_occupancy,
    occupy,
    one_at_a_time,
    refuse_conflicts,
    release,
    resources_of,
)
from sessions.booking.times import check_time
from sessions.changes import before_move, set_anew
from sessions.locked import ask_booked, lock
from sessions.models import Channel, CounsellingSession, SessionPlace
from sessions.places import Told, keep_place
from sessions.planning import plan_of
from sessions.reminders import remind_again

State = CounsellingSession.State


def stops_booking(plan: Planned, now: datetime) -> list[Finding]:
    """Return what is missing of the phase "book"."""
    (findings,) = assess([plan], now, phase=Phase.BOOK).values()
    return [finding for finding in findings if finding.missing]


def _refuse_unready(plan: Planned, now: datetime) -> None:
    if found := stops_booking(plan, now):
        words = [
            _("%(reason)s (%(clauses)s)")
            % {"reason": f.answer.reason, "clauses": _(", ").join(f.requirement.clauses)}
            for f in found
        ]
        remedies = dict.fromkeys(str(f.answer.remedy) for f in found)
        raise Refused(
            "sessions.not_ready",
            _("This session cannot be booked: %s.") % _("; ").join(words),
            " ".join(remedies),
        )


@action("session.book", says=gettext_lazy("booked a session"))
def book(
    *,
    case: Case,
    room: Room,
    channel: str,
    start: datetime,
    minutes: int,
    call_link: str = "",
    place: Place | None = None,
    by,
    now: datetime,
) -> CounsellingSession:
    """Book a session of the case's psychologist with everyone who takes part in the case.

    :param start: aware; within opening hours and in the future.
    :param place: where the client will be, when it is not her usual place.
    Raises Refused for a time that is taken or closed, and for what the phase "book" misses.
    """
    ask_for_case(case, by)
    _ask_open(case, room)
    ask_link(channel, call_link)
    during = check_time(start, minutes, now)
    resources = resources_of(case.counsellor_id, room, case.people)
    hold(resources)
    refuse_conflicts(during, resources)
    session = CounsellingSession(case=case, counsellor=case.counsellor, room=room, during=during)
    session.channel, session.call_link = channel, call_link
    session.booked_by, session.booked_at = by, now
    with one_at_a_time():
        session.save()
        occupy(session, resources)
    if place is not None:
        told, how = Told.again(place), SessionPlace.How.BOOKING
        keep_place(session, place.person, told, how, by, now)
    # Asked last, about the row as it stands: the place just told is part of the plan.
    _refuse_unready(plan_of(session), now)
    _record(session)
    emails.send("session_confirmation", session, now)
    return session


def _ask_open(case: Case, room: Room) -> None:
    if case.closed_at:
        raise Refused(
            "sessions.case_closed", _("This case is closed."), _("Please reopen it first.")
        )
    if not room.is_usable:
        raise Refused(
            "sessions.room_closed",
            _("This room is not in use."),
            _("Please choose another."),
            field="room",
        )


def ask_link(channel: str, call_link: str) -> None:
    if channel == Channel.VIDEO and not call_link:
        raise Refused(
            "sessions.no_link",
            _("A video session needs the link to the call."),
            _("Please paste the link of the clinic's own video system."),
            field="call_link",
        )


def _record(session: CounsellingSession, **details: Any) -> None:
    """Note what happened in the history of the session and of its case."""
    when = session.starts_at.strftime("%Y-%m-%d %H:%M")
    record(session, note=when, **details)
    record(session.case, note=when, **details)


@action("session.move", says=gettext_lazy("moved the session"))
def move(
    *,
    session: CounsellingSession,
    room: Room,
    channel: str,
    start: datetime,
    minutes: int,
    call_link: str = "",
    version: int | None = None,
    by,
    now: datetime,
) -> CounsellingSession:
    """Give a booked session another time, room or way. The same is asked as when booking."""
    ask_for_session(session, by)
    resources = resources_of(session.counsellor_id, room, session.people)
    hold([*resources, ("room", session.room_id)])
    row = lock(session, version)
    ask_booked(row)
    during = check_time(start, minutes, now, row.during)
    _ask_open(row.case, room)
    ask_link(channel, call_link)
    refuse_conflicts(during, resources, but=row.pk)
    old, told = before_move(row), row.as_told
    old |= set_anew(row, during, room=room, channel=channel, call_link=call_link)
    with one_at_a_time():
        move_occupancy(row, during, room)
    row.version += 1
    row.save(update_fields=["room", "channel", "call_link", "version"])
    _refuse_unready(plan_of(row), now)
    _record(row, **old)
    if row.as_told != told:
        emails.send("session_change", row, now)
    return row


@action("session.cancel", says=gettext_lazy("cancelled the session"))
def cancel(
    *,
    session: CounsellingSession,
    side: str,
    reason: str,
    version: int | None = None,
    by,
    now: datetime,
) -> CounsellingSession:
    """Cancel a booked session. ``side``: who cancelled, the client or the clinic.

    Raises Refused where it is not the ``version`` meant: it may have been moved meanwhile.
    """
    row = lock(session, version)
    ask_may_cancel(row, by)
    ask_booked(row)
    _cancel(row, side, reason)
    _record(row)
    emails.send("session_cancellation", row, now)
    return row


def _cancel(row: CounsellingSession, side: str, reason: str) -> None:
    row.state, row.cancelled_side, row.cancelled_reason = State.CANCELLED, side, reason
    row.version += 1
    row.save(update_fields=["state", "cancelled_side", "cancelled_reason", "version"])
    release(row)


@action("session.unbook", says=gettext_lazy("took a booking back"))
def unbook(*, session: CounsellingSession, by, now: datetime) -> CounsellingSession:
    """Take a fresh booking back before anybody was told; afterwards it has to be cancelled."""
    ask_for_session(session, by)
    row = lock(session)
    ask_booked(row)
    if now > row.booked_at + UNDO or not emails.all_still_wait(row):
        raise Refused(
            "sessions.told",
            _("The client has been told already."),
            _("Please cancel the session instead."),
        )
    _cancel(row, CounsellingSession.Side.CLINIC, _("Taken back"))
    _record(row)
    return row


@action("session.restore", says=gettext_lazy("took the cancellation back"))
def restore(*, session: CounsellingSession, by, now: datetime) -> CounsellingSession:
    """Let a cancelled session stand again, before anybody was told and while its time is free.

    Whoever was not told of it yet, or had a reminder dropped meanwhile, is written to after all.
    """
    resources = list(session.occupancies.values_list("kind", "resource"))
    hold(resources)
    row = lock(session)
    ask_may_cancel(row, by)
    _ask_cancelled(row)
    _ask_not_past(row, now)
    _ask_untold(row, now)
    _ask_open(row.case, row.room)
    refuse_conflicts(row.during, resources, but=row.pk)
    with one_at_a_time():
        row.occupancies.update(released=False)
    row.state, row.cancelled_side, row.cancelled_reason = State.BOOKED, "", ""
    row.version += 1
    row.save(update_fields=["state", "cancelled_side", "cancelled_reason", "version"])
    _refuse_unready(plan_of(row), now)
    _record(row)
    emails.tell_again(row, now)
    remind_again(row)
    return row


def may_be_restored(session: CounsellingSession, now: datetime) -> bool:
    """Whether a cancellation can still be taken back; whether its time is free, the action asks."""
    if session.state != State.CANCELLED or session.case.closed_at or now >= session.during.upper:
        return False
    return session.room.is_usable and emails.cancellation_is_untold(session)


def _ask_cancelled(row: CounsellingSession) -> None:
    if row.state != State.CANCELLED:
        raise Refused("sessions.stands", _("This session is not cancelled."))


def _ask_not_past(row: CounsellingSession, now: datetime) -> None:
    if now >= row.during.upper:
        raise Refused("sessions.past", _("The time of this session is over."))


def _ask_untold(row: CounsellingSession, now: datetime) -> None:
    if not emails.withdraw_cancellation(row, now):
        raise Refused(
            "sessions.told",
            _("The client has been told already."),
            _("Please book a new session instead."),
        )


@action("session.not_attended", says=gettext_lazy("noted that the client did not come"))
def not_attended(*, session: CounsellingSession, by, now: datetime) -> CounsellingSession:
    """Note after the beginning that nobody came."""
    ask_for_session(session, by)
    row = lock(session)
    ask_booked(row)
    if now < row.during.lower:
        raise Refused("sessions.not_yet", _("This session has not begun yet."))
    row.state = State.NOT_ATTENDED
    row.save(update_fields=["state"])
    release(row)
    _record(row)
    return row
