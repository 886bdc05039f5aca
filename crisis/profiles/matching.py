"""Which crisis profile serves a place: that of the place itself, else of one close enough."""

from collections.abc import Iterable
from dataclasses import dataclass

from clinic.people.countries import TAIWAN
from crisis.models import CrisisProfile
from sessions.models.places import folded


@dataclass(frozen=True)
class Spot:
    """Where somebody is: township in Taiwan, country and region abroad, the place on file if any."""

    country: str
    town_code: str = ""
    region: str = ""
    place_id: int | None = None

    def near(self, other: "Spot") -> bool:
        """Whether the same numbers serve both: one township, or one region abroad."""
        if not self.country or self.country != other.country:
            return False
        if self.country == TAIWAN:
            return bool(self.town_code) and self.town_code == other.town_code
        return folded(self.region) == folded(other.region)


def serving(profiles: Iterable[CrisisProfile], spot: Spot) -> CrisisProfile | None:
    """Return the profile for ``spot`` among those of one person, with their places loaded."""
    profiles = list(profiles)
    for profile in profiles:
        if spot.place_id and profile.place_id == spot.place_id:
            return profile
    near = (p for p in profiles if not p.place.ended_at and spot.near(spot_of(p.place)))
    return next(near, None)


def spot_of(where) -> Spot:
    """Return the spot of a Place, a SessionPlace or a ParticipantPlan."""
    town = getattr(where, "town_code", None) or getattr(where, "town_id", None) or ""
    place = where.place_id if hasattr(where, "place_id") else where.pk
    return Spot(where.country, town, where.region, place)
