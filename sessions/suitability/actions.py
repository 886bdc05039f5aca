"""Assessing suitability, and confirming what an intern assessed."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.cases.models import Case
from clinic.errors import Refused
from clinic.kernel.action import action, ask, record
from clinic.kernel.constraints import refusing
from clinic.staff.models import Practitioner
from sessions.access import ask_licensed
from sessions.models import (
    CounsellingSession,
    SessionEvent,
    Suitability,
    SuitabilityConfirmation,
    SuitabilityPoint,
)
from sessions.planning import kind_of
from sessions.suitability.access import may_assess, may_confirm
from sessions.suitability.reading import Reading, read
from sessions.suitability.resumed import send_after_all
from sessions.suitability.rules import newer, problems
from sessions.suitability.words import POINTS

CONFIRMED_ONCE = "telesessions_suitabilityconfirmation_assessment_id_key"
SAME_PRESS = timedelta(minutes=2)
OPEN_STATES = (CounsellingSession.State.BOOKED, CounsellingSession.State.STARTED)


@action("suitability.assess", says=_("assessed suitability"))
def assess_suitability(
    *,
    case: Case,
    session: CounsellingSession | None = None,
    form: str,
    ratings: Mapping[str, int],
    notes: Mapping[str, str],
    outcome: str,
    details: Mapping[str, str],
    seen: int | None = None,
    by,
    now: datetime,
) -> Suitability:
    """Keep one assessment of both sides (G2.3, G2.4.1, G2.4.2); sent twice, it is kept once.

    :param ratings: level 0–4 by id of the point; ``notes``: the reasons.
    :param details: ``compare`` and what the outcome needs, as text; days as people write them.
    :param seen: the id of the last assessment that the writer saw; another one since is refused.
    """
    ask(may_assess(by, case), _("Only the psychologist of the case assesses suitability."))
    case = Case.objects.select_for_update().get(pk=case.pk)
    _ask_open(case, session)
    _ask_sound(ratings, notes, outcome, details, now)
    given = _given(ratings, notes, details)
    last = Suitability.objects.of_case(case).first()
    before = read(last) if last else None
    if before and _sent_twice(before, given, (session, form, outcome), by, now):
        record(before.row, sent_twice=True)
        return before.row
    _ask_form(case, form, last, seen)
    values = {"case": case, "session": session, "form": form, "outcome": outcome}
    values["by_intern"] = kind_of(by) in Practitioner.INTERNS
    row = Suitability.objects.create(**values, details=_json(given[2]), by=by, at=now)
    _keep_points(row, given, before)
    _note_in_session(session, by, now)
    send_after_all(case, now)
    was = last.outcome if last else ""
    for subject in (case, row):
        record(subject, fields_of=row._meta.label_lower, changes={"outcome": [was, outcome]})
    return row


def _note_in_session(session: CounsellingSession | None, by, now: datetime) -> None:
    """Stand among the events of a session that is in progress."""
    if session and session.state == CounsellingSession.State.STARTED:
        kind = SessionEvent.Kind.REASSESSED
        SessionEvent.objects.create(session=session, kind=kind, by=by, at=now)


def _ask_sound(ratings, notes, outcome: str, details, now: datetime) -> None:
    """Refuse with the first thing that is wrong."""
    given = {"ratings": ratings, "notes": notes, "outcome": outcome, "details": details}
    for problem in problems(**given, today=timezone.localdate(now)):
        raise problem


def _ask_open(case: Case, session: CounsellingSession | None) -> None:
    if case.closed_at:
        raise Refused(
            "suitability.case_closed", _("This case is closed."), _("Please reopen it first.")
        )
    if session is None:
        return
    if session.case_id != case.pk:
        raise Refused("suitability.other_case", _("This session belongs to another case."))
    if session.state not in OPEN_STATES:
        raise Refused(
            "suitability.session_over",
            _("This session is “%(state)s”.") % {"state": session.get_state_display()},
            _("Please assess for the next one."),
        )


def _given(
    ratings: Mapping[str, int], notes: Mapping[str, str], details: Mapping[str, str]
) -> tuple[dict, dict, dict]:
    """Return the three in one shape: known points only, plain texts."""
    return (
        {point: int(ratings[point]) for point in POINTS},
        {point: _plain(notes[point]) for point in POINTS},
        {key: _plain(text) for key, text in details.items() if text.strip()},
    )


def _plain(text: str) -> str:
    """Return a text without outer spaces, with one kind of line break."""
    return text.replace("\r\n", "\n").strip()


def _json(details: Mapping[str, str]) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True)


def _sent_twice(before: Reading, given: tuple, rest: tuple, by, now: datetime) -> bool:
    """Whether the newest assessment is this very one, sent a moment ago by the same hand."""
    row = before.row
    return (
        now - row.at <= SAME_PRESS
        and row.by_id == by.pk
        and (row.session, row.form, row.outcome) == rest
        and (before.ratings, before.notes, before.details) == given
    )


def _ask_form(case: Case, form: str, last: Suitability | None, seen: int | None) -> None:
    if seen is not None and (last is None or last.pk != seen):
        raise newer()
    if form == Suitability.Form.SHORT and not Suitability.objects.short_may_follow(case):
        raise Refused(
            "suitability.full_first",
            _("The short form needs a full assessment that let telecounselling go on."),
            _("Please use the full form."),
        )


def _keep_points(row: Suitability, given: tuple, before: Reading | None) -> None:
    ratings, notes, _details = given
    for point in POINTS:
        same = before and (before.ratings.get(point), before.notes.get(point)) == (
            ratings[point],
            notes[point],
        )
        SuitabilityPoint.objects.create(
            assessment=row,
            point=point,
            rating=str(ratings[point]),
            note=notes[point],
            changed=not same,
        )


@action("suitability.confirm", says=_("confirmed the suitability assessment"))
def confirm_suitability(*, assessment: Suitability, by, now: datetime) -> SuitabilityConfirmation:
    """The psychologist who oversees the intern today stands by the intern's assessment.

    Refused without a practice licence in force: it is hers that the intern works under.
    """
    today = timezone.localdate(now)
    ask(
        may_confirm(by, assessment, today),
        _("Only a psychologist who supervises the intern today confirms this."),
    )
    ask_licensed(by, today)
    confirmed = Refused("suitability.confirmed", _("This assessment is confirmed already."))
    with refusing(**{CONFIRMED_ONCE: confirmed}):
        row = SuitabilityConfirmation.objects.create(assessment=assessment, by=by, at=now)
    send_after_all(assessment.case, now)
    for subject in (assessment.case, assessment):
        record(subject)
    return row
