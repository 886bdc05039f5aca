"""What is proposed for a place: the nearest at every hour."""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.organisation.models import Town
from clinic.people.places import Place
from crisis.models import Choice, Resource
from crisis.profiles.proposals import proposals_for
from tests.crisis.profiles.conftest import listed

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
    own = defaultdict(set)
    for row in Resource.objects.shown().exclude(phones=None).filter(county__in=NORTH):
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
