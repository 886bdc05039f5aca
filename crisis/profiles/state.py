"""The state of each place's profile, for the pages of a client and of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.people.models import Person
from clinic.people.places import Place
from crisis.models import CrisisProfile
from crisis.profiles.changed import Changed, changes_of
from crisis.profiles.completeness import Gap, gaps_of


@dataclass(frozen=True)
class PlaceState:
    """One place of a person with its profile, if any, what is missing and which numbers changed."""

    person: Person
    place: Place
    profile: CrisisProfile | None
    gaps: list[Gap]
    is_old: bool
    changed: Sequence[Changed] = ()

    @property
    def tone(self) -> str:
        return "fix" if self.gaps or self.changed or self.is_old else "go"

    @property
    def words(self) -> str:
        """Whether it is complete, or how much is missing."""
        if self.profile is None:
            return _("Not filled in yet")
        missing = len(self.gaps)
        if missing:
            told = ngettext("%(number)s thing is missing", "%(number)s things are missing", missing)
            return told % {"number": missing}
        if self.changed:
            return _("A number has changed")
        return _("To be gone through again") if self.is_old else _("Complete")


def states_of(people: Sequence[Person], now: datetime) -> list[PlaceState]:
    """Return the state of every place in use; the same number of queries for any number of them."""
    prefetch_related_objects(people, "emergency_contacts", "places__town__county")
    profiles = CrisisProfile.objects.whole().filter(person__in=[person.pk for person in people])
    by_place = {profile.place_id: profile for profile in profiles}
    changed = changes_of(profiles)
    return [
        PlaceState(
            person,
            place,
            found := by_place.get(place.pk),
            gaps_of(found, person),
            is_old=found is not None and found.is_old(timezone.localdate(now)),
            changed=changed[found.pk] if found else (),
        )
        for person in people
        for place in person.places_in_use
    ]
