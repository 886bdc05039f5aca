"""The place and the crisis profile of an address: what the reader may not see is not there (404)."""

from functools import cached_property

from clinic.clients.place_views import OfPlace
from crisis.models import CrisisProfile
from crisis.profiles.changed import Changed, changes_of
from crisis.profiles.completeness import Gap, gaps_of


class OfProfile(OfPlace):
    """A page of the crisis profile of one place; there may be none yet."""

    @cached_property
    def profile(self) -> CrisisProfile | None:
        return CrisisProfile.objects.whole().of_place(self.place)

    @property
    def gaps(self) -> list[Gap]:
        return gaps_of(self.profile, self.person)

    @property
    def changed(self) -> list[Changed]:
        return changes_of([self.profile])[self.profile.pk] if self.profile else []
