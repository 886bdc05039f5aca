"""crisis.profile and crisis.out_of_hours: met, missing, not applicable; facts in few queries."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from clinic.clients import actions as clients
from clinic.clients import place_actions as places
from clinic.kernel.evidence import EVIDENCE
from clinic.kernel.readiness import (
    Lapsing,
    Met,
    Missing,
    NotApplicable,
    ParticipantPlan,
    Planned,
)
from crisis.profiles.actions import save_profile
from crisis.profiles.completeness import Gap
from crisis.requirements import LOOK_AGAIN, ProfileFact, load, out_of_hours, profile
from tests.crisis.profiles.conftest import everything

COMPLETE = {1: ProfileFact((), date(2026, 1, 5))}
G52, G53 = Gap("G5.2", "no number", "Choose one."), Gap("G5.3", "no plan", "Write it.")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def plan():
    return Planned(
        session_id=1,
        case_id=1,
        modality="individual",
        channel="video",
        start=timezone.now(),
        room_id=None,
        counsellor_id=1,
        counsellor_kind="counselling",
        participants=(
            ParticipantPlan(1, "client", date(1992, 5, 20), town_code="63000080", place_id=1),
        ),
    )


@pytest.fixture
def early():
    """A day soon after the review of COMPLETE."""
    return timezone.make_aware(timezone.datetime(2026, 2, 1))


def test_crisis_profile_met(plan, early):
    assert profile(plan, COMPLETE, early) == Met()


def test_crisis_profile_missing(plan, early):
    answer = profile(plan, {1: ProfileFact((G52, G53))}, early)
    assert answer == Missing("no number", "Choose one.")


def test_crisis_profile_missing_names_every_gap(plan, early):
    answer = profile(plan, {1: ProfileFact((G52, replace(G52, reason="no limits")))}, early)
    assert answer.reason == "no number; no limits"


def test_crisis_profile_missing_where_no_place_is_known(plan, early):
    nowhere = replace(plan, participants=(replace(plan.participants[0], country=""),))
    answer = profile(nowhere, COMPLETE, early)
    assert answer.reason == "no place of the client is known"


def test_crisis_profile_missing_for_one_of_two(plan, early):
    both = (*plan.participants, replace(plan.participants[0], person_id=2))
    answer = profile(replace(plan, participants=both), COMPLETE | {2: ProfileFact((G52,))}, early)
    assert isinstance(answer, Missing)


def test_crisis_profile_not_applicable(plan, early):
    answer = profile(replace(plan, channel="in_person"), {}, early)
    assert isinstance(answer, NotApplicable)


def test_crisis_profile_lapses_a_year_after_its_review(plan):
    last = timezone.make_aware(timezone.datetime(2026, 1, 5, 12)) + LOOK_AGAIN
    assert profile(plan, COMPLETE, last) == Met()
    assert isinstance(profile(plan, COMPLETE, last + timedelta(days=1)), Lapsing)


def test_crisis_out_of_hours_met(plan, early):
    assert out_of_hours(plan, {1: ProfileFact((G52,))}, early) == Met()


def test_crisis_out_of_hours_missing(plan, early):
    answer = out_of_hours(plan, {1: ProfileFact((G52, G53))}, early)
    assert answer == Missing("no plan", "Write it.")


def test_crisis_out_of_hours_not_applicable(plan, early):
    answer = out_of_hours(replace(plan, channel="in_person"), {}, early)
    assert isinstance(answer, NotApplicable)


@pytest.fixture
def person(counsellor, town, now):
    values = {
        "name": "江小滿",
        "sex": "female",
        "birth_date": "1992-05-20",
        "phone": "0000-000-011",
    }
    person = clients.register_client(values=values, by=counsellor, now=now)
    contact = {"name": "江立秋", "relation": "sister", "phones": "0000-000-021"}
    clients.add_contact(person=person, values=contact, by=counsellor, now=now)
    home = {"label": "home", "town": town, "street": "示範路 1 號"}
    home = places.add_place(person=person, values=home, by=counsellor, now=now)
    save_profile(place=home, **everything(), by=counsellor, now=now)
    return person


def asked(plan, person, **where):
    part = ParticipantPlan(person.pk, "client", person.birth_date, **where)
    return replace(plan, participants=(part,))


def test_facts_match_the_profile_of_the_township(plan, person, now):
    here = asked(plan, person, town_code="63000080")
    there = asked(plan, person, town_code="65000060")
    known = load([here, there], now)
    assert known[here][person.pk] == ProfileFact((), timezone.localdate(now))
    assert isinstance(profile(there, known[there], now), Missing)


def test_facts_cost_the_same_queries_for_one_and_four_hundred_sessions(plan, person, now):
    counts = []
    for number in (1, 400):
        one = asked(plan, person, town_code="63000080")
        plans = [replace(one, session_id=index) for index in range(number)]
        with CaptureQueriesContext(connection) as queries:
            load(plans, now)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_reviewed_profiles_are_the_evidence(person):
    rows = EVIDENCE["crisis.profiles_reviewed"].records()
    assert [row.person for row in rows] == [person]


@pytest.mark.django_db
def test_without_profiles_there_is_no_evidence():
    assert EVIDENCE["crisis.profiles_reviewed"].records().count() == 0


def test_crisis_profile_lapses_where_a_number_changed_since(plan, early):
    answer = profile(plan, {1: replace(COMPLETE[1], changed=True)}, early)
    assert isinstance(answer, Lapsing)
    assert answer.reason == "a crisis number has changed since the client was given it"
