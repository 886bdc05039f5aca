"""The evidence of G5.1: profiles that lack nothing, at places in use."""

from collections.abc import Callable

import pytest

from clinic.clients import actions as clients
from clinic.clients import place_actions as places
from clinic.kernel.evidence import EVIDENCE
from crisis.directory.actions import hide_resource
from crisis.models import Choice, CrisisProfile, Risk
from crisis.profiles.actions import Pick, save_profile
from crisis.profiles.completeness import gaps_of
from tests.crisis.profiles.conftest import fresh, suspend, whole


def records() -> list[CrisisProfile]:
    return list(EVIDENCE["crisis.profiles_reviewed"].records())


def test_one_that_lacks_nothing_counts(profile, home):
    assert (gaps_of(whole(home), fresh(home.person)), records()) == ([], [profile])


def test_one_saved_half_done_does_not(home, contact, counsellor, now):
    save_profile(place=home, values={}, picks={}, risks={}, by=counsellor, now=now)
    assert records() == []


def without(**parts) -> Callable:
    """A saving that takes something away."""
    return lambda profile, by, now: save_profile(
        place=profile.place, **{"values": {}, "picks": {}, "risks": {}} | parts, by=by, now=now
    )


def phoneless(profile, by, now):
    clients.change_client(person=profile.person, values={"phone": ""}, by=by, now=now)


def contactless(profile, by, now):
    clients.end_contact(contact=profile.person.emergency_contacts.get(), by=by, now=now)


LACKS = {
    "plan": without(values={"out_of_hours_plan": ""}),
    "limits": without(values={"limits_explained_on": None}),
    "phone": phoneless,
    "contact": contactless,
    **{f"number {kind}": without(picks={kind: None}) for kind in Choice.Kind},
    **{f"risk {kind}": without(risks={kind: None}) for kind in Risk.Kind},
}


@pytest.mark.parametrize("lack", LACKS)
def test_whatever_is_missing_it_no_longer_counts(profile, home, counsellor, now, lack):
    LACKS[lack](profile, counsellor, now)
    assert (len(gaps_of(whole(home), fresh(home.person))), records()) == (1, [])


def test_a_reason_stands_for_a_contact(profile, home, counsellor, now):
    contactless(profile, counsellor, now)
    without(values={"no_contact_reason": "nobody"})(profile, counsellor, now)
    assert records() == [profile]


@pytest.mark.parametrize("how", ["hidden", "held back"])
def test_a_number_that_the_directory_no_longer_shows_is_a_gap(
    profile, home, directory, counsellor, admin, now, how
):
    without(picks={"hospital": Pick(resource=directory["hospital"])})(profile, counsellor, now)
    before = records()
    if how == "hidden":
        hide_resource(resource=directory["hospital"], by=admin, now=now)
    else:
        suspend(directory["hospital"])
    assert (before, records()) == ([profile], [])


def test_a_place_no_longer_used_does_not_count(profile, home, counsellor, now):
    places.end_place(place=home, by=counsellor, now=now)
    assert records() == []
