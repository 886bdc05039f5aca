"""sessions.outcome and sessions.suitability: met, missing, not applicable; the facts behind them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinic.kernel.evidence import EVIDENCE
from clinic.kernel.readiness import (
    REQUIREMENTS,
    Met,
    Missing,
    NotApplicable,
    ParticipantPlan,
    Phase,
    Planned,
)
from clinic.staff.models import Practitioner
from sessions.requirements.facts import AssessmentFact, SessionFacts, load
from sessions.requirements.suitability import outcome, suitability
from sessions.suitability.actions import confirm_suitability
from tests.sessions.assessing import NOT_TODAY, TALK, assess


@pytest.fixture
def plan(now):
    return Planned(
        session_id=7,
        case_id=1,
        modality="individual",
        channel="video",
        start=now + timedelta(days=1),
        room_id=None,
        counsellor_id=1,
        counsellor_kind="counselling",
        participants=(ParticipantPlan(1, "client", date(1992, 5, 20)),),
    )


@pytest.fixture
def full(now):
    """A full assessment of yesterday that lets the session go on."""
    return AssessmentFact(
        form="full",
        outcome="proceed",
        at=now - timedelta(days=1),
        session_id=None,
        needs_confirmation=False,
    )


@pytest.fixture
def known(full):
    return SessionFacts(newest=full, full_done=True)


# --- sessions.outcome


def test_sessions_outcome_met(plan, known, now):
    assert outcome(plan, known, now) == Met()


@pytest.mark.parametrize("way", ["face_to_face", "refer"])
def test_sessions_outcome_missing(plan, known, full, now, way):
    stopped = replace(known, newest=replace(full, outcome=way))
    assert isinstance(outcome(plan, stopped, now), Missing)


def test_sessions_outcome_not_applicable(plan, known, now):
    found = [
        outcome(replace(plan, channel="in_person"), known, now),
        outcome(plan, SessionFacts(), now),
    ]
    assert [type(answer) for answer in found] == [NotApplicable, NotApplicable]


def test_not_today_does_not_stop_booking(plan, known, full, now):
    postponed = replace(known, newest=replace(full, outcome="not_today"))
    assert outcome(plan, postponed, now) == Met()


# --- sessions.suitability


@pytest.mark.parametrize("way", ["proceed", "proceed_with_support"])
def test_sessions_suitability_met(plan, known, full, now, way):
    assert suitability(plan, replace(known, newest=replace(full, outcome=way)), now) == Met()


def test_sessions_suitability_missing(plan, now):
    assert isinstance(suitability(plan, SessionFacts(), now), Missing)


def test_sessions_suitability_not_applicable(plan, now):
    answer = suitability(replace(plan, channel="in_person"), SessionFacts(), now)
    assert isinstance(answer, NotApplicable)


def test_before_the_first_session_a_short_form_is_not_enough(plan, full, now):
    short = SessionFacts(newest=replace(full, form="short"), full_done=False)
    assert isinstance(suitability(plan, short, now), Missing)


def test_after_a_session_it_is_looked_at_again(plan, known, full, now):
    held = replace(known, previous_end=full.at + timedelta(hours=2))
    assert isinstance(suitability(plan, held, now), Missing)


@pytest.mark.parametrize("session", [None, 7, 8])
def test_one_made_since_the_last_session_counts(plan, known, full, now, session):
    since = replace(full, form="short", session_id=session)
    held = replace(known, newest=since, previous_end=full.at - timedelta(hours=2))
    assert suitability(plan, held, now) == Met()


def test_one_made_for_this_session_counts_although_another_took_place_since(plan, known, full, now):
    mine = replace(full, form="short", session_id=7)
    held = replace(known, newest=mine, for_session=mine, previous_end=now)
    assert suitability(plan, held, now) == Met()


def test_a_newer_one_that_stops_it_is_not_passed_over_for_the_one_of_this_session(
    plan, known, full, now
):
    mine = replace(full, form="short", session_id=7)
    newer = replace(full, outcome="not_today", session_id=6, at=full.at + timedelta(hours=1))
    held = replace(known, newest=newer, for_session=mine, previous_end=now)
    assert isinstance(suitability(plan, held, now), Missing)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "not_today"},
        {"outcome": "face_to_face"},
        {"needs_confirmation": True},
    ],
)
def test_it_has_to_be_positive_and_confirmed(plan, known, full, now, change):
    answer = suitability(plan, replace(known, newest=replace(full, **change)), now)
    assert isinstance(answer, Missing)


def test_each_cause_has_words_of_its_own(plan, known, full, now):
    changes = [{"outcome": "not_today"}, {"needs_confirmation": True}]
    said = [
        str(suitability(plan, replace(known, newest=replace(full, **c)), now).reason)
        for c in changes
    ]
    assert len(set(said)) == 2


# --- how they are registered


def test_which_is_asked_when_and_which_can_never_be_overridden():
    ours = {code: REQUIREMENTS[code] for code in ("sessions.outcome", "sessions.suitability")}
    assert {code: (rule.phases, rule.absolute) for code, rule in ours.items()} == {
        "sessions.outcome": ({Phase.BOOK}, True),
        "sessions.suitability": ({Phase.PREPARE}, False),
    }


def test_they_answer_the_clauses_of_suitability():
    clauses = [REQUIREMENTS[f"sessions.{name}"].clauses for name in ("outcome", "suitability")]
    assert clauses == [("G2.5",), ("G2.3", "G2.4.1", "G2.4.2", "A11")]


# --- the facts, from the database


def facts_of(plan, case, now):
    asked = replace(plan, case_id=case.pk)
    return load([asked], now)[asked]


def test_facts_of_a_full_assessment_let_the_first_session_go_on(case, plan, now):
    assess(case, now)
    assert suitability(plan, facts_of(plan, case, now), now) == Met()


def test_facts_of_not_today_do_not(case, plan, now):
    assess(case, now, outcome="not_today", details=NOT_TODAY, ratings={"C3.1": 0})
    assert facts_of(plan, case, now).newest.positive is False


def test_facts_of_in_person_stop_every_session_until_assessed_anew(case, plan, now):
    assess(case, now - timedelta(days=3), outcome="face_to_face", details=TALK)
    stopped = outcome(plan, facts_of(plan, case, now), now)
    assess(case, now)
    assert (type(stopped), outcome(plan, facts_of(plan, case, now), now)) == (Missing, Met())


def test_after_a_session_that_ended_early_it_is_looked_at_again(case, plan, book, now):
    """Planned until after the next one begins: its end is when it ended."""
    assess(case, now)
    quarter = timedelta(minutes=15)
    times = {"started_at": plan.start - 2 * quarter, "ended_at": plan.start - quarter}
    book(case, days=47 / 48, state="ended", **times)
    before = suitability(plan, facts_of(plan, case, now), now)
    assess(case, plan.start - quarter, form="short")
    after = suitability(plan, facts_of(plan, case, now), now)
    assert (type(before), after) == (Missing, Met())


def test_a_session_whose_end_was_pressed_late_ended_as_planned(case, plan, book, now):
    assess(case, now - timedelta(minutes=30))
    began = now - timedelta(hours=2)  # for an hour
    book(case, days=-1 / 12, state="ended", started_at=began, ended_at=now)
    assert suitability(plan, facts_of(plan, case, now), now) == Met()


def test_facts_know_whether_an_interns_assessment_is_confirmed(intern_case, supervisor, plan, now):
    row = assess(intern_case, now)
    waits = facts_of(plan, intern_case, now).newest.needs_confirmation
    confirm_suitability(assessment=row, by=supervisor, now=now)
    assert (waits, facts_of(plan, intern_case, now).newest.needs_confirmation) == (True, False)


def test_an_intern_does_not_lift_the_stop_until_she_is_confirmed(
    intern_case, supervisor, plan, now
):
    stop = assess(intern_case, now - timedelta(days=3), outcome="face_to_face", details=TALK)
    confirm_suitability(assessment=stop, by=supervisor, now=now - timedelta(days=2))
    lifts = assess(intern_case, now)
    alone = outcome(plan, facts_of(plan, intern_case, now), now)
    confirm_suitability(assessment=lifts, by=supervisor, now=now)
    assert (type(alone), outcome(plan, facts_of(plan, intern_case, now), now)) == (Missing, Met())


def test_an_intern_who_became_a_psychologist_is_still_to_be_confirmed(
    intern_case, intern, plan, now
):
    assess(intern_case, now - timedelta(days=3), outcome="face_to_face", details=TALK)
    assess(intern_case, now)
    Practitioner.objects.filter(user=intern).update(kind="counselling")
    known = facts_of(plan, intern_case, now)
    waits = Missing(
        "an intern assessed it, and nobody has confirmed it",
        "Ask the supervising psychologist to confirm it.",
    )
    assert (outcome(plan, known, now), suitability(plan, known, now)) == (waits, waits)


def test_an_interns_stop_counts_at_once(intern_case, plan, now):
    assess(intern_case, now, outcome="face_to_face", details=TALK)
    assert isinstance(outcome(plan, facts_of(plan, intern_case, now), now), Missing)


def test_not_today_does_not_lift_the_stop(case, plan, now):
    assess(case, now - timedelta(days=1), outcome="face_to_face", details=TALK)
    assess(case, now, outcome="not_today", details=NOT_TODAY)
    known = facts_of(plan, case, now)
    stopped, today = outcome(plan, known, now), suitability(plan, known, now)
    assert (type(stopped), stopped.reason, type(today)) == (
        Missing,
        "an earlier assessment says that another way is better",
        Missing,
    )


# --- evidence


def test_every_assessment_is_evidence_newest_first(case, now):
    old, new = assess(case, now - timedelta(days=1)), assess(case, now)
    assert list(EVIDENCE["sessions.assessments"].records()) == [new, old]


def test_only_who_sees_the_case_is_led_to_its_assessments(case, counsellor, stranger, now):
    row = assess(case, now)
    opens = EVIDENCE["sessions.assessments"].opens
    way = opens([row], counsellor)[row.pk]
    assert (way.words, way.url) == (case.code, f"/cases/{case.pk}/suitability/{row.pk}/")
    assert opens([row], stranger) == {}
