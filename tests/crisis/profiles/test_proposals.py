"""What is proposed for a place: the nearest at every hour; what is doubtful says so."""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.organisation.models import Town
from clinic.people.places import Place
from crisis.directory.actions import confirm_resource
from crisis.models import Choice, Resource, ResourcePhone
from crisis.profiles.actions import Pick, save_profile
from crisis.profiles.forms import ProfileForm, initial_of
from crisis.profiles.proposals import proposals_for
from tests.crisis.profiles.conftest import listed, whole

TAIPEI = ZoneInfo("Asia/Taipei")
HOURS = {
    "monday morning": datetime(2026, 11, 23, 10, 30, tzinfo=TAIPEI),
    "sunday night": datetime(2026, 11, 22, 3, 0, tzinfo=TAIPEI),
}
NORTH = ("63000", "10017", "10015")  # 臺北市, 基隆市, 花蓮縣
KINDS = {
    Choice.Kind.HOSPITAL: "hospital",
    Choice.Kind.NEARBY_COUNSELLING: "counselling",
    Choice.Kind.MENTAL_HEALTH_CENTRE: "centre",
}


def at(town: Town) -> Place:
    return Place(country="TW", town=town)


def names(rows) -> list[str]:
    return [row.resource.name for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_near_comes_before_what_is_open(town, now, kind):
    """Twenty of the county are open, the one of the township is closed on this day."""
    elsewhere = Town.objects.filter(county=town.county).exclude(pk=town.pk).first()
    tomorrow = now.astimezone(TAIPEI).isoweekday() % 7 + 1
    for number in range(20):
        values = {"county": town.county, "town": elsewhere, "always_open": True}
        listed(f"far {number:02}", KINDS[kind], f"02000003{number:02}", now, **values)
    closed, still = (
        listed(name, KINDS[kind], number, now, county=town.county, town=town)
        for name, number in (("a near", "0200000401"), ("b near", "0200000402"))
    )
    closed.openings.create(weekday=tomorrow, opens="09:00", closes="10:00")
    assert names(proposals_for(at(town), now)[kind]) == ["b near", "a near", "far 00"]
    still.openings.create(weekday=tomorrow, opens="09:00", closes="10:00")
    assert names(proposals_for(at(town), now)[kind]) == ["a near", "b near", "far 00"]


@pytest.mark.parametrize("hour", HOURS)
def test_a_township_with_numbers_of_its_own_is_proposed_them_at_every_hour(db, hour):
    """By the product's own files: nobody of the county before all of the township."""
    call_command("load_directory")
    own, numbered = defaultdict(set), {*ResourcePhone.objects.values_list("resource", flat=True)}
    for row in Resource.objects.shown().filter(county__in=NORTH):
        if row.pk in numbered:
            own[row.kind, row.town_id].add(row.name)
    wrong = []
    for town in Town.objects.filter(county__in=NORTH):
        proposed = proposals_for(at(town), HOURS[hour])
        for kind, of_directory in KINDS.items():
            there, said = own[of_directory, town.pk], {*names(proposed[kind])}
            if there - said and said - there:
                wrong.append((town.pk, kind, said))
    assert wrong == []


def test_proposals_cost_one_query(town, directory, now):
    with CaptureQueriesContext(connection) as queries:
        proposals_for(at(town), now)
    assert len(queries) == 1


@pytest.fixture
def doubtful(town, now) -> dict[str, Resource]:
    """Two hospitals of the township that come first by name, beside one of the county."""
    here = {"county": town.county, "town": town}
    old = listed("A 2015", "hospital", "0200000501", now, **here)
    Resource.objects.filter(pk=old.pk).update(source_date="2015-12-19", source_dated="2015-12-19")
    short = listed("B short", "hospital", "0200000502", now, **here)
    short.phones.update(shown="02 8094661", dial="")
    good = listed("C county", "hospital", "0200000503", now, county=town.county)
    return {"old": old, "short": short, "good": good}


def hospitals(home, now) -> tuple[str | None, list[str]]:
    """What is chosen beforehand, and the words of what is proposed."""
    proposed = proposals_for(home, now)
    form = ProfileForm(proposals=proposed, profile=None, without_contact=False)
    chosen = initial_of(None, proposed, "").get("hospital_pick")
    return chosen, [str(words) for _value, words in form.fields["hospital_pick"].choices][:-2]


def test_what_is_old_or_cannot_be_dialled_is_proposed_with_a_word_and_not_beforehand(
    home, doubtful, now
):
    where = str(home.town)
    assert hospitals(home, now) == (
        f"r{doubtful['good'].pk}",
        [
            f"A 2015・0200000501・{where}・not confirmed; source of 2015-12-19",
            f"B short・02 8094661・{where}・as printed; not certain what to dial",
            f"C county・0200000503・{home.town.county}",
        ],
    )


def test_without_a_number_that_is_certain_nothing_is_chosen_beforehand(home, doubtful, now):
    ResourcePhone.objects.filter(resource=doubtful["good"]).delete()
    chosen, words = hospitals(home, now)
    assert (chosen, len(words)) == (None, 2)


def test_an_old_one_that_the_clinic_confirmed_is_chosen_beforehand(home, doubtful, admin, now):
    confirm_resource(resource=doubtful["old"], how="rang", by=admin, now=now)
    chosen, words = hospitals(home, now)
    assert (chosen, words[0]) == (
        f"r{doubtful['old'].pk}",
        f"A 2015・0200000501・{home.town}",
    )


def test_one_on_file_says_the_same_where_it_is_not_among_those_proposed(
    home, doubtful, counsellor, now
):
    picks = {Choice.Kind.HOSPITAL: Pick(resource=doubtful["old"])}
    save_profile(place=home, values={}, picks=picks, risks={}, by=counsellor, now=now)
    form = ProfileForm(proposals={}, profile=whole(home), without_contact=False)
    first, *_rest = form.fields["hospital_pick"].choices
    assert first == (f"r{doubtful['old'].pk}", "A 2015・not confirmed; source of 2015-12-19")
