"""A client with a place, a few rows of the directory, and a profile that lacks nothing."""

from datetime import date

import pytest

from clinic.clients import actions as clients
from clinic.clients import place_actions as places
from clinic.people.models import Person
from clinic.people.places import Place
from crisis.models import Choice, CrisisProfile, Resource, ResourcePhone, Risk
from crisis.profiles.actions import Pick, Weighed, save_profile
from tests.clients.conftest import STAGES as OF_CLIENTS
from tests.clients.conftest import browse, case, contact, english, person
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.stages import Stages

__all__ = ["browse", "case", "contact", "english", "person"]

STAGES = Stages(__file__)
STAGES.builders |= OF_CLIENTS.builders

PLAN = "Call 119 or go to the nearest hospital.\nCall 1925 at night."
LIMITS = {"limits_explained_on": date(2026, 1, 5), "out_of_hours_plan": PLAN}


@STAGES.fixture
def home(person, town, counsellor, now) -> Place:
    values = {"label": "home", "town": town, "street": "示範路 1 號"}
    return places.add_place(person=person, values=values, by=counsellor, now=now)


@pytest.fixture
def office(person, home, counsellor, now) -> Place:
    """A second place, in another county."""
    values = {"label": "office", "town_id": "65000060", "street": "示範路 2 號"}
    return places.add_place(person=person, values=values, by=counsellor, now=now)


@pytest.fixture
def abroad(person, home, counsellor, now) -> Place:
    values = {"label": "flat", "country": "GB", "region": "London", "street": "1 Sample Road"}
    return places.add_place(person=person, values=values, by=counsellor, now=now)


def listed(name: str, kind: str, number: str, now, **values) -> Resource:
    """Put a row into the directory."""
    row = Resource.objects.create(
        name=name,
        kind=kind,
        status="shown",
        source="a test",
        source_date=date(2026, 1, 1),
        source_dated="2026-01-01",
        source_file="test.csv",
        source_key=values.pop("key", name),
        numbers_since=now,
        **{"level": "county"} | values,
    )
    ResourcePhone.objects.create(resource=row, position=0, shown=number, dial=number)
    return row


def suspend(row: Resource) -> Resource:
    """Put in what another source says of a row: that its licence is suspended."""
    values = {"county_id": row.county_id, "town_id": row.town_id, "key": f"{row.name}, suspended"}
    twin = listed(row.name, row.kind, "0200000999", row.numbers_since, **values)
    Resource.objects.filter(pk=twin.pk).update(status="suspended")
    return Resource.objects.get(pk=row.pk)


@STAGES.fixture
def directory(town, now) -> dict[str, Resource]:
    """A hospital and a centre in the county, and the national lines."""
    national = {"level": "national", "always_open": True}
    return {
        "hospital": listed(
            "文山醫院", "hospital", "0200000101", now, county=town.county, town=town
        ),
        "centre": listed("文山心衛中心", "centre", "0200000102", now, county=town.county),
        "119": listed("消防", "hotline", "119", now, key="119", **national),
        "110": listed("警察", "hotline", "110", now, key="110", **national),
        "1925": listed("安心專線", "hotline", "1925", now, key="1925", **national),
    }


def everything(**but) -> dict:
    """Return what an action writes for a profile without gaps."""
    whole = {
        "values": dict(LIMITS),
        "picks": {kind: Pick() for kind in Choice.Kind},
        "risks": {kind: Weighed("none") for kind in Risk.Kind},
    }
    return whole | but


@pytest.fixture
def profile(home, contact, counsellor, now) -> CrisisProfile:
    return save_profile(place=home, **everything(), by=counsellor, now=now)


def whole(place: Place) -> CrisisProfile:
    return CrisisProfile.objects.whole().of_place(place)


def fresh(person: Person) -> Person:
    """Return the person as the database knows her now."""
    return Person.objects.prefetch_related("emergency_contacts").get(pk=person.pk)


@pytest.fixture
def told(person, counsellor, now):
    """``told(do_not_contact=True)`` adds another emergency contact."""

    def added(**values):
        base = {"name": "江大暑", "relation": "brother", "phones": "0000-000-022"}
        return clients.add_contact(person=person, values=base | values, by=counsellor, now=now)

    return added
