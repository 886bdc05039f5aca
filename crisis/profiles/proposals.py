"""What the directory proposes for a place, kind by kind, the nearest first."""

from collections.abc import Mapping
from datetime import datetime

from clinic.people.countries import TAIWAN
from clinic.people.places import Place
from crisis.directory.finding import Found, Need, near
from crisis.models import Choice

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
NEAR_FIRST = ("town", "county", "national")
Proposals = Mapping[str, list[Found]]


def proposals_for(place: Place, now: datetime) -> Proposals:
    """Return at most three entries a kind; nothing abroad. One query.

    A profile is made for every hour, so what happens to be open now does not come first.
    """
    if place.country != TAIWAN:
        return {kind: [] for kind in Kind}
    around = near(place.town_id, now, most=2 * MOST)
    return {kind: _nearest(around.of(NEEDS[kind])) if kind in NEEDS else [] for kind in Kind}


def _nearest(rows: list[Found]) -> list[Found]:
    usable = [row for row in rows if row.phones and not row.warned]
    return sorted(usable, key=lambda row: NEAR_FIRST.index(row.distance))[:MOST]
