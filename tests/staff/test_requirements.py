"""What the clinic itself demands before booking: each requirement met, missing, not applicable."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.kernel.readiness import (
    REQUIREMENTS,
    Met,
    Missing,
    NotApplicable,
    ParticipantPlan,
    assess,
)
from clinic.organisation.models import Premises, Room
from clinic.staff.models import ApprovedPerson, Oversight, Practitioner
from clinic.staff.qualification import findings_on
from tests.house import make_user
from tests.staff.conftest import (
    DAY,
    NOON,
    give_approval,
    give_licence,
    give_papers,
    give_training,
    period,
    plan,
)


def answer(code, planned):
    """What one requirement says of one planned session."""
    (findings,) = assess([planned], NOON).values()
    return {finding.requirement.code: finding.answer for finding in findings}[f"clinic.{code}"]


def test_only_what_may_never_be_overridden_is_absolute():
    ours = {c: r.absolute for c, r in REQUIREMENTS.items() if c.startswith("clinic.")}
    assert ours == {
        "clinic.practitioner": False,
        "clinic.credential": True,
        "clinic.approval": True,
        "clinic.channel": True,
        "clinic.age_floor": True,
    }


# --- clinic.practitioner -------------------------------------------------------------------------


def test_clinic_practitioner_met(counsellor):
    assert answer("practitioner", plan(counsellor)) == Met("")


def test_another_profession_says_which_guideline_it_follows(db):
    other = make_user("qiufen", "counsellor", kind="")

    Practitioner.objects.create(user=other, kind="other", guideline_followed="社會工作師法")
    assert answer("practitioner", plan(other)) == Met("社會工作師法")


def test_clinic_practitioner_missing(counsellor):
    found = answer("practitioner", plan(counsellor, counsellor_kind=""))
    assert isinstance(found, Missing)
    assert str(found.remedy) == "Enter it for this person."


def test_clinic_practitioner_not_applicable(counsellor):
    found = answer("practitioner", plan(counsellor, counsellor_kind="", channel="in_person"))
    assert found == NotApplicable("face to face")


# --- clinic.credential ---------------------------------------------------------------------------


def test_clinic_credential_met(counsellor, premises):
    give_papers(counsellor, premises)
    assert answer("credential", plan(counsellor)) == Met("2027-03-01")


@pytest.mark.parametrize(("start", "last", "holds"), [(0, 0, True), (1, 9, False), (-9, -1, False)])
def test_first_and_last_day_of_a_licence_count(counsellor, premises, start, last, holds):
    give_papers(counsellor, premises, start, last)
    assert isinstance(answer("credential", plan(counsellor)), Met) is holds


def test_the_day_is_the_clinics_day(counsellor, premises):
    """23:30 and 00:30 in Taipei are two days, though one in UTC."""
    give_papers(counsellor, premises, -100, 0)
    late, next_day = NOON + timedelta(hours=11, minutes=30), NOON + timedelta(hours=12, minutes=30)
    assert isinstance(answer("credential", plan(counsellor, start=late)), Met)
    assert isinstance(answer("credential", plan(counsellor, start=next_day)), Missing)


def test_clinic_credential_missing(counsellor, stranger, premises):
    give_licence(stranger, premises)
    give_licence(counsellor, premises, withdrawn_at=NOON)
    assert isinstance(answer("credential", plan(counsellor)), Missing)


def test_clinic_credential_not_applicable(counsellor):
    assert isinstance(answer("credential", plan(counsellor, channel="in_person")), NotApplicable)
    other = answer("credential", plan(counsellor, counsellor_kind="other"))
    assert other == NotApplicable("another profession, under its own law")


def test_an_intern_needs_the_overseers_licence(intern, supervisor, premises):
    alone, overseen = plan(intern), plan(intern, overseer_ids=(supervisor.pk,))
    assert isinstance(answer("credential", overseen), Missing)
    give_licence(supervisor, premises)
    assert answer("credential", overseen) == Met("the supervisor's, until 2027-03-01")
    assert isinstance(answer("credential", alone), Missing)


def test_a_psychologist_is_not_covered_by_her_overseers_licence(counsellor, supervisor, premises):
    give_licence(supervisor, premises)
    overseen = plan(counsellor, overseer_ids=(supervisor.pk,))
    assert isinstance(answer("credential", overseen), Missing)


# --- clinic.approval -----------------------------------------------------------------------------


def test_clinic_approval_met(counsellor, premises):
    give_approval(premises, counsellor)
    room = Room.objects.get()
    assert answer("approval", plan(counsellor)) == Met("示範核准 1")
    assert answer("approval", plan(counsellor, room_id=room.pk)) == Met("示範核准 1")


def test_clinic_approval_missing(counsellor, stranger, premises):
    give_approval(premises, stranger)
    assert "no approval in force names this person" in str(answer("approval", plan(counsellor)))


def test_clinic_approval_not_applicable(counsellor):
    assert isinstance(answer("approval", plan(counsellor, channel="in_person")), NotApplicable)


@pytest.mark.parametrize("start_and_last", [(1, 9), (-9, -1)])
def test_an_approval_counts_while_it_is_in_force(counsellor, premises, start_and_last):
    start, last = start_and_last
    give_approval(premises, counsellor, start=start, last=last)
    assert isinstance(answer("approval", plan(counsellor)), Missing)


def test_a_person_counts_while_the_approval_names_her(counsellor, premises):
    approval = give_approval(premises)
    ApprovedPerson.objects.create(
        approval=approval, practitioner=counsellor.practitioner, period=period(-9, -1)
    )
    assert isinstance(answer("approval", plan(counsellor)), Missing)


def test_an_approval_covers_its_premises_only(counsellor, premises, town):
    give_approval(premises, counsellor)
    elsewhere = Premises.objects.create(name="分所", town=town, street="示範路 2 號")
    room = Room.objects.create(premises=elsewhere, name="秋室")
    away = plan(counsellor, room_id=room.pk)
    assert "does not cover" in str(answer("approval", away))
    give_approval(elsewhere, counsellor, number="示範核准 2")
    assert answer("approval", away) == Met("示範核准 2")


# --- clinic.channel ------------------------------------------------------------------------------


def test_clinic_channel_met(counsellor, premises):
    give_approval(premises, counsellor)
    assert answer("channel", plan(counsellor)) == Met("示範核准 1")


def test_clinic_channel_missing(counsellor, premises):
    give_approval(premises, counsellor)
    by_phone = answer("channel", plan(counsellor, channel="telephone"))
    assert str(by_phone.reason) == "the approval does not name this way"


def test_clinic_channel_not_applicable(counsellor, premises):
    assert isinstance(answer("channel", plan(counsellor, channel="in_person")), NotApplicable)
    unapproved = answer("channel", plan(counsellor))
    assert unapproved == NotApplicable("no approval in force names this person")


def test_a_way_counts_where_its_approval_covers_the_premises(counsellor, premises, town):
    """Video here and telephone there is not telephone here."""
    give_approval(premises, counsellor)
    elsewhere = Premises.objects.create(name="分所", town=town, street="示範路 2 號")
    there = Room.objects.create(premises=elsewhere, name="秋室")
    give_approval(elsewhere, counsellor, number="示範核准 2", channels=["telephone"])
    here = premises.rooms.get()
    for room, channel, holds in (
        (here, "video", True),
        (here, "telephone", False),
        (there, "video", False),
        (there, "telephone", True),
    ):
        asked = plan(counsellor, channel=channel, room_id=room.pk)
        assert isinstance(answer("channel", asked), Met) is holds, (room.name, channel)


# --- clinic.age_floor ----------------------------------------------------------------------------


def aged(*birth_dates: date) -> tuple[ParticipantPlan, ...]:
    return tuple(ParticipantPlan(n, "client", born) for n, born in enumerate(birth_dates))


ADULT, EIGHTEEN_TODAY = date(1992, 5, 20), date(2008, 11, 21)


def test_clinic_age_floor_met(counsellor, premises):
    give_approval(premises, counsellor)
    for people in (aged(ADULT), aged(EIGHTEEN_TODAY)):
        found = answer("age_floor", plan(counsellor, participants=people))
        assert found == Met("from 18 years")


def test_clinic_age_floor_missing(counsellor, premises):
    give_approval(premises, counsellor)
    young = EIGHTEEN_TODAY + timedelta(days=1)
    for people in (aged(young), aged(ADULT, young)):
        found = answer("age_floor", plan(counsellor, participants=people))
        assert found == Missing(
            "under the minimum age of 18 years", "Meet face to face at the clinic."
        )


def test_clinic_age_floor_not_applicable(counsellor, premises):
    uncovered = plan(counsellor, participants=aged(ADULT))
    assert isinstance(answer("age_floor", uncovered), NotApplicable)
    give_approval(premises, counsellor)
    nobody, in_person = plan(counsellor), replace(uncovered, channel="in_person")
    for asked in (nobody, in_person):
        assert isinstance(answer("age_floor", asked), NotApplicable)


def test_the_lowest_floor_of_the_approvals_that_fit_counts(counsellor, premises):
    """An approval from 18 years by video does not lower the floor of the telephone."""
    give_approval(premises, counsellor, channels=["video", "telephone"], age_floor=20)
    give_approval(premises, counsellor, number="示範核准 2", age_floor=18)
    young = plan(counsellor, participants=aged(EIGHTEEN_TODAY))
    assert answer("age_floor", young) == Met("from 18 years")
    by_phone = replace(young, channel="telephone")
    assert isinstance(answer("age_floor", by_phone), Missing)


def test_the_age_is_that_of_the_sessions_day(counsellor, premises):
    give_approval(premises, counsellor)
    before = plan(counsellor, participants=aged(EIGHTEEN_TODAY), start=NOON - timedelta(days=1))
    assert isinstance(answer("age_floor", before), Missing)


# --- Facts ---------------------------------------------------------------------------------------


def test_facts_ask_as_much_for_one_session_as_for_four_hundred(premises, supervisor):
    people = [make_user(f"user{n}", "counsellor", kind="counselling") for n in range(20)]
    for person in people:
        give_papers(person, premises)
    give_approval(premises, *people)
    give_training(*people)
    rooms = [Room.objects.create(premises=premises, name=f"room {n}") for n in range(20)]
    plans = [
        plan(person, room_id=room.pk, overseer_ids=(supervisor.pk,))
        for person in people
        for room in rooms
    ]
    counts = []
    for asked in (plans[:1], plans):
        with CaptureQueriesContext(connection) as queries:
            found = assess(asked, NOON, of_person=True)
        counts.append(len(queries))
        assert {len(found[plan]) for plan in asked} == {6}
        assert [f for plan in asked for f in found[plan] if f.missing] == []
    assert counts == [6, 6]  # one more for the training log
    assert len(plans) == 400


def test_the_list_of_staff_asks_the_same_requirements(intern, supervisor, counsellor, premises):

    give_licence(supervisor, premises)
    give_approval(premises, intern)
    Oversight.objects.create(
        overseer=supervisor, overseen=intern, kind="clinical", period=period(-1, None)
    )
    give_training(intern)
    found = findings_on([intern, counsellor], DAY, NOON)
    states = {pk: [finding.state for finding in findings] for pk, findings in found.items()}
    assert states == {
        intern.pk: ["go", "go", "go", "go", "none", "go"],  # no client yet whose age counts
        counsellor.pk: ["go", "stop", "stop", "none", "none", "stop"],
    }
