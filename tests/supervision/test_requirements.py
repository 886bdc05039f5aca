"""supervision.training: met, missing, not applicable; the same work for one and for four hundred."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.kernel.readiness import REQUIREMENTS, Met, Missing, NotApplicable, Phase, Planned
from supervision.models import TrainingEntry
from supervision.requirements import SupervisionFacts, load, training

DAY = date(2026, 11, 21)
NOON = timezone.make_aware(datetime(2026, 11, 21, 12))
PLAN = Planned(
    session_id=1,
    case_id=1,
    modality="individual",
    channel="video",
    start=NOON,
    room_id=None,
    counsellor_id=1,
    counsellor_kind="counselling",
)


def test_supervision_training_met():
    assert isinstance(training(PLAN, SupervisionFacts(DAY), NOON), Met)


def test_supervision_training_missing():
    assert isinstance(training(PLAN, SupervisionFacts(None), NOON), Missing)


def test_supervision_training_missing_when_it_comes_after_the_session():
    later = SupervisionFacts(DAY + timedelta(days=1))
    assert isinstance(training(PLAN, later, NOON), Missing)


def test_supervision_training_not_applicable():
    found = training(replace(PLAN, channel="in_person"), SupervisionFacts(None), NOON)
    assert isinstance(found, NotApplicable)


def test_it_is_asked_at_booking_answers_g12_and_may_be_overridden():
    rule = REQUIREMENTS["supervision.training"]
    assert (rule.clauses, rule.phases, rule.absolute) == (("G1.2",), {Phase.BOOK}, False)


def enter(user, day: date, **changes) -> TrainingEntry:
    values = {"category": "telecounselling", "title": "訓練", "hours": 6, "points": 0} | changes
    return TrainingEntry.objects.create(
        practitioner=user.practitioner, day=day, entered_by=user, entered_at=NOON, **values
    )


@pytest.mark.parametrize(
    ("changes", "counts"),
    [({}, True), ({"category": "ethics"}, False), ({"withdrawn_at": NOON}, False)],
)
def test_facts_know_the_first_training_on_file(changes, counts, counsellor, stranger):
    enter(counsellor, DAY, **changes)
    enter(counsellor, DAY + timedelta(days=2), **changes)
    hers = replace(PLAN, counsellor_id=counsellor.pk)
    other = replace(PLAN, counsellor_id=stranger.pk)
    assert load([hers, other], NOON) == {
        hers: SupervisionFacts(DAY if counts else None),
        other: SupervisionFacts(None),
    }


@pytest.mark.django_db
def test_facts_cost_the_same_queries_for_one_and_four_hundred_sessions():
    counts = []
    for number in (1, 400):
        plans = [replace(PLAN, session_id=n, counsellor_id=n) for n in range(1, number + 1)]
        with CaptureQueriesContext(connection) as queries:
            load(plans, NOON)
        counts.append(len(queries))
    assert counts == [1, 1]
