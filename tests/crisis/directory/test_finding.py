"""What is near a place, in which order, and what is said where nothing is known."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisis.directory.actions import add_resource, hide_resource
from crisis.directory.finding import Need, gaps, near
from tests.crisis.directory.test_reload import OWN, centre

HUALIEN, JIAN, NANGAN, MAGONG = "10015010", "10015050", "09007010", "10016010"
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Taipei
NIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 23:00 in Taipei
CENTRE = "花蓮縣花蓮市社區心理衛生中心"


def names(nearby, need: Need) -> list[str]:
    return [row.resource.name for row in nearby.of(need)]


def test_every_need_of_a_profile_is_answered_for_a_place(loaded):
    nearby = near(JIAN, MONDAY)
    dials = {
        need: nearby.of(need)[0].call.dial
        for need in (Need.FIRE, Need.POLICE, Need.SUICIDE_PREVENTION)
    }
    assert dials == {Need.FIRE: "119", Need.POLICE: "110", Need.SUICIDE_PREVENTION: "1925"}
    assert names(nearby, Need.CENTRE) == [CENTRE, "花蓮縣鳳林鎮社區心衛中心"]
    assert all(row.resource.county_id == "10015" for row in nearby.of(Need.HOSPITAL))
    assert nearby.missing == [Need.CHIEF]  # chiefs are typed in by hand


def test_gaps_are_said_as_gaps(loaded):
    assert near(NANGAN, MONDAY).missing == [
        Need.HOSPITAL,
        Need.CENTRE,
        Need.COUNSELLING,
        Need.CHIEF,
    ]
    assert near(MAGONG, MONDAY).missing == [Need.CENTRE, Need.CHIEF]  # only a row of 2019
    assert gaps("10016") == ["community mental health centre"]
    assert gaps("10015") == []


def test_open_now_comes_first_and_says_until_when(loaded):
    centre = near(HUALIEN, MONDAY).of(Need.CENTRE)[0]
    assert (centre.openness, f"{centre.closes:%H:%M}", centre.distance) == ("open", "12:00", "town")
    at_night = near(HUALIEN, NIGHT).of(Need.CENTRE)
    assert {row.resource.name: row.openness for row in at_night}[CENTRE] == "closed"


def test_open_then_always_then_unknown_then_closed_and_near_before_far(divisions, admin, now):
    def add(name: str, hours: str, town: str | None) -> None:
        values = OWN | {"name": name, "hours": hours, "town_id": town, "phones": "03-8351885"}
        add_resource(values=values, by=admin, now=now)

    add("closed", "週日09:00-12:00", JIAN)
    add("unknown", "預約制", JIAN)
    add("always, far", "24小時", HUALIEN)
    add("always, near", "24小時", JIAN)
    add("open, far", "週一09:00-12:00", HUALIEN)
    add("open, near", "週一09:00-12:00", JIAN)
    assert names(near(JIAN, MONDAY, most=9), Need.COUNSELLING) == [
        *("open, near", "open, far", "always, near", "always, far", "unknown", "closed"),
    ]


def test_of_two_alike_the_one_that_can_be_called_comes_first(divisions, admin, now):
    for name, phones in (("a", "線上預約"), ("b", "03-8351885")):
        values = OWN | {"name": name, "hours": "", "phones": phones}
        add_resource(values=values, by=admin, now=now)
    assert names(near(HUALIEN, MONDAY), Need.COUNSELLING) == ["b", "a"]


def test_two_sources_that_say_the_same_are_one_line_and_a_contradiction_is_two(
    divisions, admin, now
):
    for phones in ("03-8351885", "(03)8351885", "線上預約", "0900-000-000"):
        values = OWN | {"hours": "", "phones": phones}
        add_resource(values=values, by=admin, now=now)
    found = near(HUALIEN, MONDAY).of(Need.COUNSELLING)
    assert [row.call.dial for row in found] == ["038351885", "0900000000"]


def test_hidden_entries_are_not_found(loaded, admin, now):
    hide_resource(resource=centre(), by=admin, now=now)
    assert names(near(HUALIEN, MONDAY), Need.CENTRE) == ["花蓮縣鳳林鎮社區心衛中心"]


@pytest.mark.parametrize("most", [1, 50])
def test_everything_costs_one_query(loaded, most):
    with CaptureQueriesContext(connection) as queries:
        nearby = near(HUALIEN, MONDAY, most=most)
        read = {
            kind: [(r.phones, r.week, r.confirmed, str(r.resource.town)) for r in rows]
            for kind, rows in nearby.by_kind.items()
        }
    assert len(queries) == 1
    assert sorted(kind for kind, rows in read.items() if rows) == [
        *("centre", "counselling", "hospital", "hotline", "medical", "other", "school"),
    ]
