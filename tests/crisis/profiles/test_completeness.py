"""A profile is complete with numbers or "none known", risks, limits, plan and whom to call."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from clinic.clients import actions as clients
from crisis.models import Choice, Risk
from crisis.profiles.actions import Pick, save_profile
from crisis.profiles.completeness import gaps_of
from tests.crisis.profiles.conftest import everything, fresh, whole


def reasons(profile, person):
    return [str(gap.reason) for gap in gaps_of(profile, person)]


@pytest.fixture
def saved(home, contact, counsellor, now):
    def save(**but):
        save_profile(place=home, **everything(**but), by=counsellor, now=now)
        return reasons(whole(home), fresh(home.person))

    return save


def test_nothing_known_is_complete_when_it_was_looked_up(saved):
    assert saved() == []


def test_no_profile_at_all_is_missing_for_both_clauses(person):
    assert [gap.clause for gap in gaps_of(None, person)] == ["G5.2", "G5.3"]


@pytest.mark.parametrize("kind", Choice.Kind)
def test_each_kind_wants_an_answer(saved, kind):
    picks = {other: Pick() for other in Choice.Kind if other != kind}
    assert saved(picks=picks) == [f"no number for: {kind.label}"]


@pytest.mark.parametrize("risk", Risk.Kind)
def test_each_risk_wants_to_be_weighed(saved, risk):
    risks = {kind: value for kind, value in everything()["risks"].items() if kind != risk}
    assert saved(risks=risks) == [f"risk not weighed: {risk.label}"]


def test_limits_and_plan_are_asked_for(saved):
    assert saved(values={}) == ["limits not explained", "no out-of-hours plan"]


def test_a_number_that_left_the_directory_counts_no_more(saved, directory, home, now, admin):
    hospital = directory["hospital"]
    assert saved(picks=everything()["picks"] | {"hospital": Pick(resource=hospital)}) == []
    hospital.status = "suspended"
    hospital.save()
    said = reasons(whole(home), fresh(home.person))
    assert said == ["the number is no longer in the directory: hospital"]


def test_without_a_telephone_there_is_no_call_back(saved, person, counsellor, now):
    saved()
    clients.change_client(person=person, values={"phone": ""}, by=counsellor, now=now)
    assert saved() == ["no call-back number"]


def test_a_contact_who_must_not_be_contacted_is_none(home, told, counsellor, now):
    told(do_not_contact=True)
    save_profile(place=home, **everything(), by=counsellor, now=now)
    said = reasons(whole(home), fresh(home.person))
    assert said == ["no emergency contact who may be called"]


def test_a_dated_refusal_stands_for_a_contact(home, counsellor, now):
    refusal = everything()["values"] | {"no_contact_reason": "Wants to name nobody; agreed."}
    save_profile(place=home, **everything(values=refusal), by=counsellor, now=now)
    profile = whole(home)
    assert (reasons(profile, fresh(home.person)), profile.no_contact_on) == ([], localdate(now))


def test_gaps_ask_no_query(saved, home, django_assert_num_queries):
    saved()
    profile, person = whole(home), fresh(home.person)
    with django_assert_num_queries(0):
        assert gaps_of(profile, person) == []


@pytest.mark.parametrize(
    "values",
    [
        {"name": "police station"},
        {"name": "police station", "number": "0000-000-091", "none": True},
        {"name": "police station", "number": "0000-000-091", "listed": True},
        {"none": True, "listed": True},
        {},
    ],
)
def test_the_database_holds_a_choice_to_exactly_one_answer(
    home, counsellor, now, directory, values
):
    profile = save_profile(place=home, **everything(picks={}), by=counsellor, now=now)
    choice = Choice(profile=profile, kind="police")
    choice.name, choice.number = values.get("name", ""), values.get("number", "")
    if values.get("none"):
        choice.none_on, choice.none_by = now.date(), counsellor
    if values.get("listed"):
        choice.resource = directory["hospital"]
    with pytest.raises(IntegrityError, match="choice_is_exactly_one"), transaction.atomic():
        choice.save()
