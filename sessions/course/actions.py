"""Beginning, what happens, ending. A start that was refused is kept as evidence with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.errors import Refused
from clinic.kernel.action import action, ask, record
from clinic.kernel.guideline import words_of
from clinic.kernel.readiness import (
    Finding,
    Lapsing,
    Met,
    Missing,
    NotApplicable,
    assess,
)
from sessions import emails
from sessions.access import ask_for_session, overseers, told_of_despite
from sessions.booking.occupying import release
from sessions.door.actions import confirm_roles
from sessions.locked import ask_booked, lock
from sessions.models import (
    CounsellingSession,
    DoorCheck,
    SessionEvent,
    SessionPlace,
    StartAttempt,
    StartFinding,
)
from sessions.places import Told, keep_place
from sessions.planning import plan_of

State = CounsellingSession.State
EARLY = timedelta(minutes=30)
LEAST_REASON = 10  # characters of a reason for starting despite a finding
DESPITE = gettext_lazy("Only the psychologist of the session and her supervisor may do this.")


@dataclass(frozen=True)
class Outcome:
    """What came of pressing start: the session as it is now, and what was found."""

    session: CounsellingSession
    started: bool
    findings: tuple[Finding, ...] = ()

    @property
    def missing(self) -> list[Finding]:
        """What stood in the way."""
        return [finding for finding in self.findings if finding.missing]


@action("session.start", says=gettext_lazy("pressed start"))
def start(*, session: CounsellingSession, version: int | None = None, by, now: datetime) -> Outcome:
    """Begin the service, or keep on record why not. Pressed twice, the second finds it begun.

    Raises Refused for a session that was moved or cancelled meanwhile, or far from its time.
    """
    ask_for_session(session, by)
    row = lock(session)
    if row.state == State.STARTED:
        record(row, said=gettext_lazy("It had begun already."))
        return Outcome(row, started=True)
    _ask_startable(row, version, now)
    (findings,) = assess([plan_of(row)], now).values()
    started = not any(finding.missing for finding in findings)
    _keep(row, findings, started=started, reason="", by=by, now=now)
    if started:
        _begin(row, now)
    _record(row, gettext_lazy("It began.") if started else gettext_lazy("It did not begin."))
    return Outcome(row, started, tuple(findings))


@action("session.start_despite", says=gettext_lazy("started the session despite what is missing"))
def start_despite(
    *,
    session: CounsellingSession,
    reason: str,
    version: int | None = None,
    by,
    now: datetime,
) -> Outcome:
    """Begin although something is missing, for a written reason. Never for what is absolute.

    The supervisor is told, or who is in charge of the clinic where there is none; the session's
    psychologist as well, where it was not she who began it.
    """
    row = lock(session)
    ask(by.pk in {row.counsellor_id, *overseers(row)}, DESPITE)
    _ask_startable(row, version, now)
    (findings,) = assess([plan_of(row)], now).values()
    missing = [finding for finding in findings if finding.missing]
    _refuse_stopped(row)
    _refuse_despite(missing, reason)
    _keep(row, findings, started=True, reason=reason, by=by, now=now)
    _begin(row, now)
    _record(row, gettext_lazy("It began despite what was missing."))
    for user_id in told_of_despite(row, by):
        emails.tell("start_despite", row, user_id, now)
    return Outcome(row, started=True, findings=tuple(findings))


def _refuse_stopped(row: CounsellingSession) -> None:
    """Refuse while an answer of the call says "do not start today": that is no gap to pass over.

    Another room or way does not lift it; a newer answer does.
    """
    checks = row.door_checks.since_it_opened()
    newest = {(check.point, check.person_id): check for check in checks}
    stops = [c for c in newest.values() if c.result == DoorCheck.Result.STOP]
    if stops:
        raise Refused(
            "sessions.stopped",
            _("The opening check says that the session does not start today: %s.")
            % _("; ").join(str(check.get_point_display()) for check in stops),
            _("Set a new time; if something has changed, answer that point again."),
        )


def _refuse_despite(missing: list[Finding], reason: str) -> None:
    if never := [finding for finding in missing if finding.requirement.absolute]:
        words = _("; ").join(str(finding.answer.reason) for finding in never)
        raise Refused(
            "sessions.absolute",
            _("This can never be overridden: %s.") % words,
            _("Please set it right, or meet another day."),
        )
    if not missing:
        raise Refused("sessions.nothing_missing", _("Nothing is missing."), _("Just press start."))
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(
            "sessions.reason",
            _("Please write why the session has to begin all the same."),
            field="reason",
        )


def _ask_startable(row: CounsellingSession, version: int | None, now: datetime) -> None:
    ask_booked(row)
    if row.case.closed_at:
        raise Refused(
            "sessions.case_closed", _("This case is closed."), _("Please reopen it first.")
        )
    if row.is_stranded:  # begun, nobody could end or cancel it
        raise Refused(
            "sessions.stranded",
            _("The psychologist of this session no longer sees clients."),
            _("Please cancel it, so that the client is told."),
        )
    if version is not None and row.version != version:
        raise Refused(
            "sessions.changed",
            _("This session was moved in the meantime."),
            _("Please look at its new time."),
        )
    if now < row.during.lower - EARLY:
        raise Refused(
            "sessions.early",
            _("A session can begin from 30 minutes before its time."),
            _("Move it, if it is to be earlier."),
        )
    if now >= row.during.upper:
        raise Refused(
            "sessions.late", _("The time of this session is over."), _("Please book a new one.")
        )


def _begin(row: CounsellingSession, now: datetime) -> None:
    row.state, row.started_at = State.STARTED, now
    row.save(update_fields=["state", "started_at"])
    confirm_roles(row, now)


def _keep(row, findings: list[Finding], *, started: bool, reason: str, by, now: datetime) -> None:
    """Write one attempt with one finding per requirement, in the words that were shown."""
    attempt = StartAttempt(
        session=row,
        number=row.attempts.count() + 1,
        started=started,
        despite=bool(reason),
        despite_reason=reason,
        by=by,
        at=now,
    )
    attempt.save()
    StartFinding.objects.bulk_create(_finding(attempt, finding) for finding in findings)


OUTCOMES = {
    Met: StartFinding.Outcome.MET,
    Lapsing: StartFinding.Outcome.LAPSING,
    Missing: StartFinding.Outcome.MISSING,
    NotApplicable: StartFinding.Outcome.NOT_APPLICABLE,
}


def _finding(attempt: StartAttempt, finding: Finding) -> StartFinding:
    answer = finding.answer
    return StartFinding(
        attempt=attempt,
        requirement=finding.requirement.code,
        title=str(finding.requirement.title),
        clauses=list(finding.requirement.clauses),
        clause_words=words_of(finding.requirement.clauses),
        outcome=OUTCOMES[type(answer)],
        absolute=finding.requirement.absolute,
        reason=str(answer.note if isinstance(answer, Met) else answer.reason),
        remedy=str(getattr(answer, "remedy", "")),
    )


def _record(row: CounsellingSession, said: Any) -> None:
    record(row, said=said)
    record(row.case, said=said)


@action("session.event", says=gettext_lazy("recorded an event of the session"))
def add_event(*, session: CounsellingSession, kind: str, by, now: datetime) -> SessionEvent:
    """Record what happened, by one tap."""
    ask_for_session(session, by)
    row = lock(session)
    _ask_running(row)
    event = SessionEvent.objects.create(session=row, kind=kind, by=by, at=now)
    record(row, said=SessionEvent.Kind(event.kind).label)
    return event


@action("session.event_back", says=gettext_lazy("took an event of the session back"))
def take_back(*, event: SessionEvent, by, now: datetime) -> SessionEvent:
    """Take a tap back: the first row stays, another says that it does not count."""
    ask_for_session(event.session, by)
    row = lock(event.session)
    _ask_running(row)
    if event.kind in SessionEvent.NOTED_BY_ITSELF:
        raise Refused("sessions.not_tapped", _("This was not a tap; it stays on file."))
    if event.takes_back_id or SessionEvent.objects.filter(takes_back=event).exists():
        raise Refused("sessions.taken_back", _("This was taken back already."))
    undone = SessionEvent.objects.create(
        session=row, kind=event.kind, takes_back=event, by=by, at=now
    )
    record(row, said=SessionEvent.Kind(event.kind).label)
    return undone


def _ask_running(row: CounsellingSession) -> None:
    if row.state != State.STARTED:
        raise Refused("sessions.not_running", _("This session is not in progress."))


@action("session.place", says=gettext_lazy("recorded where the client is now"))
def tell_place(
    *, session: CounsellingSession, elsewhere: Mapping[int, Told], by, now: datetime
) -> CounsellingSession:
    """Record during the session that somebody is somewhere else; the crisis page follows (G5.2)."""
    ask_for_session(session, by)
    row = lock(session)
    _ask_running(row)
    if not elsewhere:
        raise Refused("sessions.no_place", _("Please say where the client is now."))
    for person in row.people:
        if told := elsewhere.get(person.pk):
            keep_place(row, person, told, SessionPlace.How.DURING, by, now)
    _record(row, None)
    return row


@action("session.end", says=gettext_lazy("ended the session"))
def end(*, session: CounsellingSession, by, now: datetime) -> CounsellingSession:
    """End a session in progress. Ended twice, the first end stays."""
    ask_for_session(session, by)
    row = lock(session)
    if row.state == State.ENDED:
        record(row, said=gettext_lazy("It had ended already."))
        return row
    _ask_running(row)
    row.state, row.ended_at = State.ENDED, now
    row.save(update_fields=["state", "ended_at"])
    row.attendances.filter(present_until=None).update(present_until=now)
    release(row)
    _record(row, gettext_lazy("It ended."))
    return row
