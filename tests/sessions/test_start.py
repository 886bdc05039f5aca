"""The gate: what the colours mean, starting, not starting, starting all the same."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import override

from clinic.clients.actions import close_case, reopen_case
from clinic.errors import NotAllowed, Refused
from clinic.kernel import readiness
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.readiness import REQUIREMENTS, Phase
from clinic.staff.models import Approval, Credential, Oversight
from consent.publishing import publish_forms, save_particulars
from sessions.booking.actions import cancel, move
from sessions.course.actions import start, start_despite
from sessions.gate import gate_of
from sessions.models import CounsellingSession, StartAttempt
from tests.consent.conftest import particulars
from tests.sessions.assessing import TALK, assess
from tests.sessions.conftest import CALL
from tests.sessions.gate_world import agree_on_a_code_word, through_the_door

REASON = "鏡頭壞了，已用約定的話確認身分。"
FIVE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def fresh(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def colour(session, now) -> str:
    return gate_of(fresh(session), now).colour


def found(session, now) -> str:
    """The colour of the findings alone, also after the session's time."""
    return readiness.colour(gate_of(fresh(session), now).findings)


def missing(session, now) -> set[str]:
    return {f.requirement.code for f in gate_of(fresh(session), now).missing}


def refused(function, **values) -> str:
    with pytest.raises(Refused) as caught:
        function(**values)
    return caught.value.code


def door_codes() -> set[str]:
    return {code for code, rule in REQUIREMENTS.items() if rule.phases == {Phase.DOOR}}


# --- Colours -------------------------------------------------------------------------------------


def test_red_while_something_is_to_be_prepared(session, now):
    assert colour(session, now) == "stop"
    assert missing(session, now) - door_codes() == {
        "consent.in_force",
        "consent.explained",
        "crisis.profile",
        "crisis.out_of_hours",
        "sessions.suitability",
    }


def test_amber_when_only_the_door_is_missing(ready, now):
    assert colour(ready, now) == "fix"
    assert missing(ready, now) == door_codes() - {"sessions.participants"}


def test_green_when_nothing_is_missing(open_door, now):
    assert (colour(open_door, now), missing(open_door, now)) == ("go", set())


def test_grey_in_person(open_door, counsellor, room, now):
    times = {"start": open_door.during.lower, "minutes": 50, "room": room}
    move(session=open_door, channel="in_person", **times, by=counsellor, now=now)
    assert colour(open_door, now) == "none"


def test_a_replaced_form_is_amber_for_thirty_days_and_red_after(open_door, admin, now):
    save_particulars(values=particulars("改過", " changed"), by=admin, now=now)
    publish_forms(by=admin, now=now)
    soon, late = now + timedelta(days=30), now + timedelta(days=31)
    assert (found(open_door, soon), missing(open_door, soon)) == ("fix", set())
    assert (found(open_door, late), missing(open_door, late)) == (
        "stop",
        {"consent.current_version"},
    )


def test_a_telephone_session_reaches_green(open_door, counsellor, room, now):
    """The licence was shown before the picture broke, and a code word is agreed."""
    agree_on_a_code_word(open_door)
    times = {"start": open_door.during.lower, "minutes": 50, "room": room}
    move(session=open_door, channel="telephone", **times, by=counsellor, now=now)
    through_the_door(fresh(open_door), open_door.during.lower - FIVE)
    assert colour(open_door, now) == "go"


# --- Starting ------------------------------------------------------------------------------------


def test_a_start_with_nothing_missing_begins_and_keeps_what_was_true(open_door, counsellor):
    at = open_door.during.lower
    outcome = start(session=open_door, version=1, by=counsellor, now=at)
    row = fresh(open_door)
    assert (outcome.started, row.state, row.started_at) == (True, "started", at)
    attempt = StartAttempt.objects.get()
    assert (attempt.number, attempt.started, attempt.despite) == (1, True, False)
    assert {f.requirement for f in attempt.findings.all()} == set(REQUIREMENTS)
    assert {f.outcome for f in attempt.findings.all()} == {"met", "not_applicable"}
    assert [a.person for a in row.attendances.all()] == row.people


def test_a_refused_start_leaves_its_findings_with_clauses_on_record(ready, counsellor):
    outcome = start(session=ready, by=counsellor, now=ready.during.lower)
    assert (outcome.started, fresh(ready).state) == (False, "booked")
    attempt = StartAttempt.objects.get()
    identity = attempt.findings.get(requirement="sessions.identity")
    assert (identity.outcome, identity.clauses, identity.reason, identity.remedy) == (
        "missing",
        ["A2"],
        "identities have not been checked yet",
        "Go through the opening check in the call.",
    )


def test_start_pressed_twice_begins_once(open_door, counsellor):
    at = open_door.during.lower
    assert start(session=open_door, by=counsellor, now=at).started is True
    again = start(session=open_door, by=counsellor, now=at + FIVE)
    assert (again.started, again.session.started_at) == (True, at)
    assert StartAttempt.objects.filter(started=True).count() == 1


def test_a_session_moved_meanwhile_does_not_start_by_the_old_button(
    open_door, counsellor, room, now
):
    times = {"start": open_door.during.lower + FIVE, "minutes": 50, "room": room}
    move(session=open_door, channel="video", call_link=CALL, **times, by=counsellor, now=now)
    at = open_door.during.lower
    assert refused(start, session=open_door, version=1, by=counsellor, now=at) == "sessions.changed"
    assert StartAttempt.objects.count() == 0


def test_a_session_of_a_closed_case_does_not_start(open_door, counsellor, now):
    close_case(case=open_door.case, reason="結束", by=counsellor, now=now)
    begin = {"session": open_door, "by": counsellor, "now": open_door.during.lower}
    assert refused(start, **begin) == "sessions.case_closed"
    assert refused(start_despite, reason=REASON, **begin) == "sessions.case_closed"
    reopen_case(case=open_door.case, by=counsellor, now=now)
    assert start(**begin).started


def test_a_cancelled_session_does_not_start(open_door, counsellor, now):
    cancel(session=open_door, side="clinic", reason="停電", by=counsellor, now=now)
    at = open_door.during.lower
    assert refused(start, session=open_door, by=counsellor, now=at) == "sessions.not_booked"


@pytest.mark.parametrize(("minutes", "expected"), [(-31, "sessions.early"), (50, "sessions.late")])
def test_a_start_far_from_its_time_is_refused(open_door, counsellor, minutes, expected):
    at = open_door.during.lower + timedelta(minutes=minutes)
    assert refused(start, session=open_door, by=counsellor, now=at) == expected


@pytest.mark.parametrize("minutes", [-30, 49])
def test_a_start_near_its_time_is_allowed(open_door, counsellor, minutes):
    at = open_door.during.lower + timedelta(minutes=minutes)
    assert start(session=open_door, by=counsellor, now=at).started is True


def test_only_the_psychologist_of_the_session_starts(open_door, supervisor, stranger):
    for other in (supervisor, stranger):
        with pytest.raises(NotAllowed):
            start(session=open_door, by=other, now=open_door.during.lower)


# --- Despite -------------------------------------------------------------------------------------


def test_despite_starts_with_a_reason_and_tells_who_is_in_charge(
    ready, counsellor, supervisor, clinic
):
    clinic.responsible = supervisor
    clinic.save()
    at = ready.during.lower
    outcome = start_despite(session=ready, reason=REASON, version=1, by=counsellor, now=at)
    assert (outcome.started, fresh(ready).state) == (True, "started")
    attempt = StartAttempt.objects.get()
    assert (attempt.despite, attempt.despite_reason) == (True, REASON)
    told = Outbox.objects.filter(kind="start_despite")
    assert [(row.recipient, row.urgent) for row in told] == [(f"user:{supervisor.pk}", True)]


@pytest.mark.parametrize("reason", ["", "   ", "很急"])
def test_despite_needs_a_reason(ready, counsellor, reason):
    at = ready.during.lower
    found = refused(start_despite, session=ready, reason=reason, by=counsellor, now=at)
    assert (found, StartAttempt.objects.count()) == ("sessions.reason", 0)


def test_despite_needs_something_missing(open_door, counsellor):
    at = open_door.during.lower
    found = refused(start_despite, session=open_door, reason=REASON, by=counsellor, now=at)
    assert found == "sessions.nothing_missing"


def withdraw_approval(session, now):
    Approval.objects.update(channels=["telephone"])


def end_licence(session, now):
    Credential.objects.update(withdrawn_at=now)


def change_to_in_person(session, now):
    assess(session.case, now, outcome="face_to_face", details=TALK, ratings={"P3": 1})


@pytest.mark.parametrize("spoil", [withdraw_approval, end_licence, change_to_in_person])
def test_despite_never_passes_what_is_absolute(open_door, counsellor, now, spoil):
    spoil(open_door, now)
    at = open_door.during.lower
    assert colour(open_door, at) == "stop"
    found = refused(start_despite, session=open_door, reason=REASON, by=counsellor, now=at)
    assert (found, fresh(open_door).state) == ("sessions.absolute", "booked")


def test_despite_without_consent_is_never_possible(session, counsellor):
    at = session.during.lower
    found = refused(start_despite, session=session, reason=REASON, by=counsellor, now=at)
    assert found == "sessions.absolute"


def test_a_stranger_cannot_start_despite(ready, stranger):
    with pytest.raises(NotAllowed):
        start_despite(session=ready, reason=REASON, by=stranger, now=ready.during.lower)


def test_what_may_never_be_overridden_is_this_and_nothing_else():
    assert {code for code, rule in REQUIREMENTS.items() if rule.absolute} == {
        "clinic.credential",
        "clinic.approval",
        "clinic.channel",
        "clinic.age_floor",
        "consent.in_force",
        "sessions.jurisdiction",
        "sessions.outcome",
    }


@pytest.mark.parametrize(
    ("point", "answer"),
    [("client_identity", "other"), ("no_recording", "wanted"), ("state_today", "not_today")],
)
def test_despite_never_passes_an_answer_that_says_not_today(ready, counsellor, point, answer):
    at = ready.during.lower
    through_the_door(ready, at - FIVE, **{point: answer})
    found = refused(start_despite, session=ready, reason=REASON, by=counsellor, now=at)
    assert (found, fresh(ready).state) == ("sessions.stopped", "booked")
    through_the_door(ready, at, **{point: "shown"} if point == "client_identity" else {})
    assert start(session=ready, by=counsellor, now=at).started is True


def test_who_was_told_of_a_start_with_a_reason_reads_it_without_a_name(
    ready, counsellor, supervisor, stranger, admin, clinic, browse
):
    clinic.responsible = supervisor
    clinic.save()
    start_despite(session=ready, reason=REASON, by=counsellor, now=ready.during.lower)
    url = f"/despite/{StartAttempt.objects.get().pk}/"
    page = browse(supervisor).get(url)
    assert (page.status_code, REASON in page.content.decode()) == (200, True)
    assert ready.people[0].name not in page.content.decode()
    assert browse(stranger).get(url).status_code == 404
    assert REASON not in browse(admin).get(url).content.decode()


def test_the_supervisor_of_a_course_neither_carries_nor_overrides(
    ready, counsellor, stranger, clinic
):
    period = DateRange(ready.booked_at.date() - timedelta(days=9), None)
    Oversight.objects.create(overseer=stranger, overseen=counsellor, kind="course", period=period)
    with pytest.raises(NotAllowed):
        start_despite(session=ready, reason=REASON, by=stranger, now=ready.during.lower)
