"""What consent demands: each requirement met, missing, not applicable; the grace of a new version."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from clinic.kernel.readiness import (
    Lapsing,
    Met,
    Missing,
    NotApplicable,
    ParticipantPlan,
    Planned,
)
from consent.actions import countersign
from consent.models import Particular, ReturnedPaper
from consent.publishing import publish_forms
from consent.requirements import (
    ASK_ADMIN,
    ConsentFacts,
    current_version,
    explained,
    in_force,
    load,
    paper_checked,
)

KNOWN = ConsentFacts(signed={1: None}, ended={}, papers={}, explained=frozenset({1}))


def at(text: str) -> datetime:
    """A time in Taipei."""
    return timezone.make_aware(datetime.fromisoformat(text))


MORNING, NIGHT = at("2026-11-24 09:05"), at("2026-11-24 23:30")


@pytest.fixture
def plan(now):
    return Planned(
        session_id=1,
        case_id=1,
        modality="individual",
        channel="video",
        start=now,
        room_id=None,
        counsellor_id=1,
        counsellor_kind="counselling",
        participants=(ParticipantPlan(1, "client", date(1992, 5, 20)),),
    )


def test_consent_in_force_met(plan, now):
    assert in_force(plan, KNOWN, now) == Met()


def test_consent_in_force_missing(plan, now):
    assert isinstance(in_force(plan, replace(KNOWN, signed={}), now), Missing)


def test_consent_in_force_missing_says_how_the_last_one_ended(plan, now):
    nobody = replace(KNOWN, signed={})
    with translation.override("en"):
        reasons = [
            str(in_force(plan, known, now).reason)
            for known in (
                nobody,
                replace(nobody, ended={1: "replaced"}),
                replace(nobody, ended={1: "withdrawn"}),
                replace(nobody, ended={1: "invalidated"}),
            )
        ]
    assert reasons == [
        "the consent form is not signed yet",
        "the consent form is not signed yet",
        "the consent was withdrawn",
        "the paper form did not agree with what was entered",
    ]


def test_consent_in_force_not_applicable(plan, now):
    answer = in_force(replace(plan, channel="in_person"), KNOWN, now)
    assert isinstance(answer, NotApplicable)


def test_consent_current_version_met(plan, now):
    assert current_version(plan, KNOWN, now) == Met()


@pytest.mark.parametrize("since", [MORNING, NIGHT])
@pytest.mark.parametrize("then", ["2026-11-24 23:59", "2026-12-24 09:05", "2026-12-24 23:59"])
def test_consent_current_version_lapses_for_thirty_days_after_a_new_one(plan, since, then):
    """It still holds, so no session is stopped, to the end of the day that is said."""
    newer = replace(KNOWN, signed={1: since})
    with translation.override("en"):
        assert current_version(plan, newer, at(then)) == Lapsing(
            "a newer version has replaced the signed one; good until 2026-12-24",
            "Ask for it to be signed.",
        )


@pytest.mark.parametrize("since", [MORNING, NIGHT])
def test_consent_current_version_missing(plan, since):
    newer = replace(KNOWN, signed={1: since})
    with translation.override("en"):
        assert current_version(plan, newer, at("2026-12-25 00:00")) == Missing(
            "a newer version has replaced the signed one", "Ask for it to be signed."
        )


def test_consent_current_version_not_applicable(plan, now):
    nobody = replace(KNOWN, signed={})
    assert isinstance(current_version(plan, nobody, now), NotApplicable)


def test_consent_explained_met(plan, now):
    assert explained(plan, KNOWN, now) == Met()


def test_consent_explained_missing(plan, now):
    assert isinstance(explained(plan, replace(KNOWN, explained=frozenset()), now), Missing)


def test_consent_explained_missing_for_one_of_two(plan, now):
    second = replace(plan.participants[0], person_id=2)
    both = replace(plan, participants=(*plan.participants, second))
    assert isinstance(explained(both, KNOWN, now), Missing)


def test_consent_explained_not_applicable(plan, now):
    nobody = replace(KNOWN, explained=frozenset())
    for other in (replace(plan, channel="in_person"), replace(plan, modality="couple")):
        assert isinstance(explained(other, nobody, now), NotApplicable)


def on_paper(now, **changes) -> ConsentFacts:
    paper = ReturnedPaper(uploaded_at=now)
    for name, value in changes.items():
        setattr(paper, name, value)
    return replace(KNOWN, papers={1: paper})


def test_consent_paper_checked_met(plan, now):
    assert paper_checked(plan, on_paper(now, checked_at=now), now) == Met()


@pytest.mark.parametrize("entered", [MORNING, NIGHT])
@pytest.mark.parametrize("then", ["2026-11-24 23:59", "2026-12-08 09:05", "2026-12-08 23:59"])
def test_consent_paper_checked_lapses_for_fourteen_days_after_it_was_entered(plan, entered, then):
    with translation.override("en"):
        answer = paper_checked(plan, on_paper(entered), at(then))
        assert answer == Lapsing(
            "nobody has compared the paper form yet; good until 2026-12-08", ASK_ADMIN
        )


@pytest.mark.parametrize("entered", [MORNING, NIGHT])
def test_consent_paper_checked_missing(plan, entered):
    answer = paper_checked(plan, on_paper(entered), at("2026-12-09 00:00"))
    with translation.override("en"):
        assert answer == Missing("nobody has compared the paper form with its scan", ASK_ADMIN)


def test_consent_paper_checked_not_applicable(plan, now):
    for asked, known in ((plan, KNOWN), (replace(plan, channel="in_person"), on_paper(now))):
        assert isinstance(paper_checked(asked, known, now), NotApplicable)


def test_facts_know_a_countersigned_consent(signed, counsellor, plan, now):
    countersign(request=signed.request, by=counsellor, now=now)
    asked = replace(plan, case_id=signed.request.case_id)
    assert load([asked], now)[asked].signed == {signed.request.signer_id: None}


def test_facts_know_to_whom_it_was_explained(signed, plan, now):
    hers, other = replace(plan, case_id=signed.request.case_id), replace(plan, case_id=0)
    found = load([hers, other], now)
    assert (found[hers].explained, found[other].explained) == (
        {signed.request.signer_id},
        frozenset(),
    )


def test_facts_do_not_count_a_signature_without_the_countersignature(signed, plan, now):
    asked = replace(plan, case_id=signed.request.case_id)
    assert load([asked], now)[asked].signed == {}


def test_facts_cost_the_same_queries_for_one_and_four_hundred_sessions(plan, now):
    counts = []
    for number in (1, 400):
        plans = [replace(plan, session_id=n, case_id=n) for n in range(1, number + 1)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load(plans, now)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_facts_know_when_the_agreement_was_replaced(signed, counsellor, admin, plan, now):
    countersign(request=signed.request, by=counsellor, now=now)
    Particular.objects.filter(key="fee").update(value_zh="900")
    publish_forms(by=admin, now=now)
    asked = replace(plan, case_id=signed.request.case_id)
    assert load([asked], now)[asked].signed == {signed.request.signer_id: now}
