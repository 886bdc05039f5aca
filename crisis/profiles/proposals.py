"""What the directory proposes for a place, kind by kind, the nearest first."""

from collections.abc import Mapping
from datetime import datetime

from clinic.people.countries import TAIWAN
from clinic.people.places import Place
from crisis.directory.finding import Found, Need, near
from crisis.models import Choice
from crisis.models.resource_rows import NEAR_FIRST

Kind = Choice.Kind
MOST = 3
# A village chief is in no directory: that number is typed in.
NEEDS = {
    Kind.HOSPITAL: Need.HOSPITAL,
    Kind.POLICE: Need.POLICE,
    Kind.FIRE: Need.FIRE,
    Kind.SUICIDE_PREVENTION: Need.SUICIDE_PREVENTION,
    Kind.MENTAL_HEALTH_CENTRE: Need.CENTRE,
    Kind.NEARBY_COUNSELLING: Need.COUNSELLING,
}
Proposals = Mapping[str, list[Found]]


def proposals_for(place: Place, now: datetime) -> Proposals:
    """Return at most three entries a kind; nothing abroad. One query.

    A profile is made for every hour: those of the township come first, then those of the county,
    and what is open now only breaks ties.
    """
    if place.country != TAIWAN:
        return {kind: [] for kind in Kind}
    around = near(place.town_id, now, most=2 * MOST, order=NEAR_FIRST)
    return {kind: _usable(around.of(NEEDS[kind])) if kind in NEEDS else [] for kind in Kind}


def _usable(rows: list[Found]) -> list[Found]:
    return [row for row in rows if row.phones and not row.warned][:MOST]


def first_choice(rows: list[Found]) -> Found | None:
    """Return what is chosen beforehand: the nearest of which nothing says to read it again first."""
    return next((row for row in rows if not row.doubts), None)
