"""Assessing and confirming: what is kept, what is refused, who may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.cases.models import CaseAccess
from clinic.clients.actions import close_case
from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.history import entries_about, history
from clinic.kernel.encryption import Ciphertext
from sessions.models import Suitability, SuitabilityConfirmation, SuitabilityPoint
from sessions.suitability.access import waiting_for
from sessions.suitability.actions import confirm_suitability
from sessions.suitability.reading import read
from sessions.suitability.words import POINTS
from tests.sessions.assessing import NOT_TODAY, REASONS, REFER, SUITS, TALK, assess


def refused(case, now, **changes) -> tuple[str, str | None]:
    """Code and field of the refusal; nothing is kept."""
    before = Suitability.objects.count()
    with pytest.raises(Refused) as caught:
        assess(case, now, **changes)
    assert Suitability.objects.count() == before
    return caught.value.code, caught.value.field


def tomorrow(now):
    return (timezone.localdate(now) + timedelta(days=1)).isoformat()


# --- what is kept


def test_an_assessment_keeps_every_point_with_its_reason(case, now):
    row = assess(case, now, details={"compare": "better"})
    reading = read(row)
    assert (reading.ratings, reading.notes) == (SUITS, REASONS)
    assert (reading.details, reading.compare.key) == ({"compare": "better"}, "better")


def test_ratings_are_encrypted_beside_their_reasons(case, now):
    row = assess(case, now, outcome="face_to_face", details=TALK, ratings={"P1": 1})
    points = list(SuitabilityPoint.objects.filter(assessment=row))
    assert {type(vars(point)["rating"]) for point in points} == {Ciphertext}
    assert {point.point: point.level for point in points} == SUITS | {"P1": 1}


def test_reasons_and_details_are_encrypted(case, now):
    assess(case, now, outcome="face_to_face", details=TALK, notes={"P1": "很機密的依據"})
    rows = [*Suitability.objects.all(), *SuitabilityPoint.objects.all()]
    kept = "".join(getattr(value, "token", "") for row in rows for value in vars(row).values())
    assert len(kept) > 0  # as the columns were loaded, nobody has opened them yet
    assert [text for text in ("很機密的依據", TALK["talk_with_client"]) if text in kept] == []


def test_the_history_of_the_case_says_the_outcome_in_words(case, now):
    assess(case, now)
    line = history(entries_about(case))[0]
    assert (line.text, line.details) == ("assessed suitability", ["Outcome: proceed"])


def test_an_assessment_can_belong_to_a_session(case, book, now):
    session = book(case)
    assert assess(case, now, session=session).session == session


def test_sent_twice_it_is_kept_once(case, now):
    first = assess(case, now)
    second = assess(case, now + timedelta(seconds=3))
    assert (second, Suitability.objects.count()) == (first, 1)
    assert SuitabilityPoint.objects.count() == len(POINTS)


def test_a_short_form_sent_twice_is_kept_once_although_it_saw_the_one_before(case, now):
    full = assess(case, now - timedelta(days=7))
    sent = {"form": "short", "ratings": {"C3.1": 3}, "outcome": "proceed", "seen": full.pk}
    first = assess(case, now, **sent)
    assert (assess(case, now, **sent), Suitability.objects.count()) == (first, 2)


def test_another_content_is_another_assessment(case, now):
    assess(case, now)
    assess(case, now, notes={"P1": "別的依據"})
    assert Suitability.objects.count() == 2


def test_the_same_again_later_is_a_new_assessment(case, now):
    assess(case, now - timedelta(minutes=3))
    assess(case, now)
    assert Suitability.objects.count() == 2


def test_a_later_one_marks_what_changed_against_the_last(case, now):
    assess(case, now - timedelta(days=7))
    row = assess(case, now, ratings={"C2.2": 3}, notes={"C3.1": "換了手機"})
    assert read(row).changed == {"C2.2", "C3.1"}


def test_reading_says_which_level_it_was_before(case, now):
    earlier = assess(case, now - timedelta(days=7))
    row = assess(case, now, ratings={"C2.2": 3}, notes={"C3.1": "換了手機"})
    shown = [s for _group, points in read(row, earlier).groups for s in points if s.changed]
    assert [(s.point.id, s.before and s.before.value) for s in shown] == [
        ("C2.2", 4),
        ("C3.1", None),
    ]


# --- what is refused


@pytest.mark.parametrize("point", POINTS)
def test_no_point_can_be_skipped(case, now, point):
    name = point.replace(".", "_")
    assert refused(case, now, ratings={point: None}) == ("suitability.point", f"{name}_rating")
    assert refused(case, now, notes={point: "  "}) == ("suitability.reason", f"{name}_note")


def test_a_level_that_does_not_exist_is_refused(case, now):
    assert refused(case, now, ratings={"P1": 5}) == ("suitability.point", "P1_rating")


def test_the_comparison_is_asked(case, now):
    assert refused(case, now, details={"compare": ""}) == ("suitability.compare", "compare")


@pytest.mark.parametrize(
    ("level", "code"),
    [(0, "suitability.unknown"), (1, "suitability.unsuitable"), (2, "suitability.doubtful")],
)
def test_proceed_needs_every_point_known_and_without_doubt(case, now, level, code):
    assert refused(case, now, ratings={"C2.2": level}) == (code, "outcome")


SUPPORT = {"support_what": "耳機", "support_who": "我", "confirmed_before_start": "試用"}


@pytest.mark.parametrize(
    ("level", "code"), [(0, "suitability.unknown"), (1, "suitability.unsuitable")]
)
def test_support_does_not_answer_the_unknown_or_the_unsuitable(case, now, level, code):
    given = {"outcome": "proceed_with_support", "details": SUPPORT}
    assert refused(case, now, ratings={"C2.2": level}, **given) == (code, "outcome")


def test_a_doubtful_point_can_proceed_with_support(case, now):
    row = assess(case, now, outcome="proceed_with_support", details=SUPPORT, ratings={"C2.2": 2})
    assert row.positive is True


def test_what_is_not_advisable_does_not_proceed(case, now):
    found = refused(case, now, details={"compare": "not_advisable"})
    assert found == ("suitability.not_advisable", "outcome")


def test_an_unknown_outcome_is_refused(case, now):
    assert refused(case, now, outcome="perhaps") == ("suitability.outcome", "outcome")


@pytest.mark.parametrize(
    ("outcome", "needs"),
    [
        ("proceed_with_support", SUPPORT),
        ("face_to_face", TALK),
        ("refer", REFER | {"follow_up_date": "2100-01-01"}),
        ("not_today", NOT_TODAY),
    ],
)
def test_each_outcome_needs_all_that_belongs_to_it(case, now, outcome, needs):
    found = {key: refused(case, now, outcome=outcome, details=needs | {key: " "}) for key in needs}
    assert found == {key: ("suitability.need", f"{outcome}_{key}") for key in needs}


def test_the_follow_up_lies_after_today(case, now):
    today = timezone.localdate(now).isoformat()
    for day in (today, "2026-02-30", "soon"):
        details = REFER | {"follow_up_date": day}
        assert refused(case, now, outcome="refer", details=details) == (
            "suitability.need",
            "refer_follow_up_date",
        )
    kept = assess(case, now, outcome="refer", details=REFER | {"follow_up_date": tomorrow(now)})
    assert kept.leaves_tele is True


def test_with_another_outcome_points_may_be_unknown_or_unsuitable(case, now):
    row = assess(case, now, outcome="not_today", details=NOT_TODAY, ratings={"P1": 0, "P2": 1})
    assert (row.positive, row.leaves_tele) == (False, False)


def test_the_short_form_needs_a_full_one_before(case, now):
    assert refused(case, now, form="short")[0] == "suitability.full_first"


def test_coming_back_from_in_person_is_weighed_in_full_after_not_today_too(case, now):
    assess(case, now - timedelta(days=9))
    assess(case, now - timedelta(days=8), outcome="face_to_face", details=TALK)
    first = refused(case, now, form="short")[0]
    assess(case, now - timedelta(days=7), outcome="not_today", details=NOT_TODAY)
    assert (first, refused(case, now, form="short")[0]) == ("suitability.full_first",) * 2
    assert assess(case, now).positive is True


def test_a_short_form_over_an_assessment_that_is_the_last_no_more_is_refused(case, now):
    old = assess(case, now - timedelta(days=9))
    assess(case, now - timedelta(days=8), notes={"P1": "新的依據"})
    assert refused(case, now, form="short", seen=old.pk)[0] == "suitability.newer"


def test_a_session_of_another_case_is_refused(case, intern_case, book, now):
    found = refused(case, now, session=book(intern_case))
    assert found[0] == "suitability.other_case"


def test_a_session_that_is_over_is_refused(case, book, now):
    ended = book(case, days=-1, state="ended", started_at=now, ended_at=now)
    assert refused(case, now, session=ended)[0] == "suitability.session_over"


def test_a_running_session_can_be_assessed_at_any_moment(case, book, now):
    running = book(case, days=0, state="started", started_at=now)
    assert assess(case, now, session=running).session == running


def test_a_closed_case_is_not_assessed(case, now):
    close_case(case=case, reason="結束", by=case.counsellor, now=now)
    assert refused(case, now)[0] == "suitability.case_closed"


# --- who may


def test_only_the_psychologist_of_the_case_assesses(case, stranger, admin, intern, now):
    for user in (stranger, admin, intern):
        with pytest.raises(NotAllowed):
            assess(case, now, by=user)


def test_whoever_else_sees_the_case_does_not_assess_it(intern_case, supervisor, stranger, now):
    CaseAccess.objects.create(
        user=stranger,
        case=intern_case,
        relation="substitute",
        reason="代班",
        period=(now - timedelta(days=1), None),
    )
    for user in (supervisor, stranger):
        with pytest.raises(NotAllowed):
            assess(intern_case, now, by=user)


def test_an_interns_assessment_waits_until_her_supervisor_confirms(intern_case, supervisor, now):
    row = assess(intern_case, now)
    waits = row.needs_confirmation, list(waiting_for(supervisor, now.date()))
    confirm_suitability(assessment=row, by=supervisor, now=now)
    row = Suitability.objects.get()
    assert waits == (True, [row])
    assert (row.needs_confirmation, list(waiting_for(supervisor, now.date()))) == (False, [])


def test_nobody_else_confirms(intern_case, intern, stranger, admin, now):
    row = assess(intern_case, now)
    for user in (intern, stranger, admin):
        with pytest.raises(NotAllowed):
            confirm_suitability(assessment=row, by=user, now=now)
    assert SuitabilityConfirmation.objects.count() == 0


def test_after_the_supervision_has_ended_she_does_not_confirm(intern_case, supervisor, now):
    row = assess(intern_case, now)
    with pytest.raises(NotAllowed):
        confirm_suitability(assessment=row, by=supervisor, now=now + timedelta(days=9))


def test_a_supervisor_of_another_profession_does_not_confirm(intern_case, supervisor, now):
    row = assess(intern_case, now)
    supervisor.practitioner.kind = "other"
    with pytest.raises(NotAllowed):
        confirm_suitability(assessment=row, by=supervisor, now=now)


def test_a_psychologists_own_assessment_needs_no_confirmation(case, supervisor, now):
    row = assess(case, now)
    assert row.needs_confirmation is False
    with pytest.raises(NotAllowed):
        confirm_suitability(assessment=row, by=supervisor, now=now)


def test_confirming_twice_is_refused_in_words(intern_case, supervisor, now):
    row = assess(intern_case, now)
    confirm_suitability(assessment=row, by=supervisor, now=now)
    with pytest.raises(Refused) as caught:
        confirm_suitability(assessment=row, by=supervisor, now=now)
    assert caught.value.code == "suitability.confirmed"
