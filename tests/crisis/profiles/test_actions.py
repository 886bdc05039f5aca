"""Saving a profile: who, when, what changed; and what is refused."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from clinic.clients import actions as clients
from clinic.clients import place_actions
from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.history import entries_about, history
from clinic.people.places import Place
from clinic.staff.models import Oversight
from crisis.directory.actions import confirm_resource
from crisis.models import Choice, CrisisProfile, Resource
from crisis.profiles.actions import Pick, Weighed, save_profile
from crisis.profiles.matching import Spot, serving, spot_of
from tests.crisis.profiles.conftest import everything, suspend, whole


def choice(place, kind):
    return Choice.objects.get(profile__place=place, kind=kind)


def test_each_saving_is_a_review(profile, home, supervisor, counsellor, now):
    later = now + timedelta(days=3)
    save_profile(place=home, **everything(), by=counsellor, now=later)
    kept = CrisisProfile.objects.get()
    assert (kept.pk, kept.reviewed_on, kept.reviewed_by) == (
        profile.pk,
        localdate(later),
        counsellor,
    )


def test_what_was_explained_keeps_its_day_and_person(profile, home, counsellor, now):
    save_profile(place=home, **everything(), by=counsellor, now=now + timedelta(days=3))
    kept = CrisisProfile.objects.get()
    assert (kept.limits_explained_on.isoformat(), kept.limits_explained_by) == (
        "2026-01-05",
        counsellor,
    )


def test_a_kind_not_named_keeps_its_answer(profile, home, counsellor, now):
    later = now + timedelta(days=3)
    save_profile(
        place=home, values={}, picks={"police": Pick()}, risks={}, by=counsellor, now=later
    )
    days = {kind: choice(home, kind).none_on for kind in ("police", "hospital")}
    assert days == {"police": localdate(later), "hospital": localdate(now)}


def test_an_answer_can_be_changed_and_taken_away(profile, home, directory, counsellor, now):
    own = Pick(name="派出所", number="0000-000-091")
    picks = {"police": own, "hospital": Pick(resource=directory["hospital"]), "fire": None}
    save_profile(place=home, values={}, picks=picks, risks={}, by=counsellor, now=now)
    assert choice(home, "police").number == "0000-000-091"
    assert choice(home, "hospital").resource == directory["hospital"]
    assert not Choice.objects.filter(kind="fire").exists()


def test_a_number_out_of_the_directory_is_refused(home, directory, counsellor, now):
    row = directory["hospital"]
    row.status = "suspended"
    row.save()
    with pytest.raises(Refused) as refused:
        picks = {"hospital": Pick(resource=row)}
        save_profile(place=home, values={}, picks=picks, risks={}, by=counsellor, now=now)
    assert (refused.value.code, CrisisProfile.objects.count()) == ("crisis.number_gone", 0)


def test_who_is_suspended_elsewhere_is_refused_until_confirmed(
    home, directory, counsellor, admin, now
):
    row = suspend(directory["hospital"])
    save = partial(save_profile, place=home, values={}, risks={}, by=counsellor, now=now)
    with pytest.raises(Refused) as refused:
        save(picks={"hospital": Pick(resource=row)})
    assert (refused.value.code, CrisisProfile.objects.count()) == ("crisis.number_gone", 0)
    confirm_resource(resource=row, how="rang", by=admin, now=now)
    save(picks={"hospital": Pick(resource=Resource.objects.get(pk=row.pk))})
    assert choice(home, "hospital").resource == row


def test_a_place_no_longer_used_gets_no_profile(home, counsellor, now):
    place_actions.end_place(place=home, by=counsellor, now=now)
    home.refresh_from_db()
    with pytest.raises(Refused) as refused:
        save_profile(place=home, **everything(), by=counsellor, now=now)
    assert refused.value.code == "crisis.place_ended"


def test_a_stranger_saves_nothing(home, stranger, now):
    with pytest.raises(Refused) as refused:
        save_profile(place=home, **everything(), by=stranger, now=now)
    assert refused.value.code == "access.not_allowed"


def test_the_history_tells_that_risks_were_weighed_but_not_which(profile, home, counsellor, now):
    risks = {"suicide": Weighed("watch", "said so in May")}
    save_profile(place=home, values={}, picks={}, risks=risks, by=counsellor, now=now)
    line = history(entries_about(profile).changes())[0]
    assert (line.text, line.details) == ("filled in the crisis profile", ["risks"])


def test_the_profile_of_the_place_itself_serves_first(profile, home, office, counsellor, now):
    other = save_profile(place=office, **everything(), by=counsellor, now=now)
    rows = CrisisProfile.objects.whole().order_by("id")
    assert serving(rows, Spot("TW", "65000060", place_id=home.pk)) == profile
    assert serving(rows, Spot("TW", "65000060")) == other
    assert serving(rows, Spot("TW", "63000080")) == profile
    assert serving(rows, Spot("TW", "63000010")) is None


def test_abroad_the_same_region_serves(abroad, contact, counsellor, now):
    profile = save_profile(place=abroad, **everything(), by=counsellor, now=now)
    rows = [whole(abroad)]
    found = [serving(rows, Spot("GB", region=name)) for name in ("london", "Leeds")]
    assert (found, serving(rows, Spot("FR", region="London"))) == ([profile, None], None)


def test_an_ended_place_serves_only_sessions_there(profile, home, office, counsellor, now):
    place_actions.change_place(place=office, values={"usual": True}, by=counsellor, now=now)
    home.refresh_from_db()
    place_actions.end_place(place=home, by=counsellor, now=now)
    rows = [whole(home)]
    assert serving(rows, Spot("TW", "63000080")) is None
    assert serving(rows, Spot("TW", "63000080", place_id=home.pk)) == profile


def test_who_moved_to_another_township_has_no_profile_there_yet(
    person, home, profile, counsellor, now
):
    values = {"town_id": "65000060", "street": "示範路 9 號"}
    moved = place_actions.change_place(place=home, values=values, by=counsellor, now=now)
    rows = person.crisis_profiles.select_related("place")
    assert (serving(rows, spot_of(home)), serving(rows, spot_of(moved))) == (profile, None)


def test_who_oversees_reads_the_profile_and_does_not_review_it(
    browse, profile, home, person, counsellor, supervisor, now
):
    clients.open_case(person=person, by=counsellor, now=now)
    period = (localdate(now) - timedelta(days=9), None)
    Oversight.objects.create(
        overseer=supervisor, overseen=counsellor, kind="clinical", period=period
    )
    pages = [
        browse(user).get(reverse("crisis_profile", args=[person.pk, home.pk]))
        for user in (counsellor, supervisor)
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert ["Save as reviewed today" in p.content.decode() for p in pages] == [True, False]
    with pytest.raises(NotAllowed):
        save_profile(place=home, **everything(), by=supervisor, now=now)
    assert CrisisProfile.objects.get().reviewed_by == counsellor


def test_a_place_that_was_ended_meanwhile_gets_no_profile(home, counsellor, now):
    shown = Place.objects.get(pk=home.pk)
    place_actions.end_place(place=home, by=counsellor, now=now)
    with pytest.raises(Refused) as refused:
        save_profile(place=shown, **everything(), by=counsellor, now=now)
    assert (refused.value.code, CrisisProfile.objects.count()) == ("crisis.place_ended", 0)
