"""Which day a signer writes on paper: the one of the calendar where she lives."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from clinic.people.models import Person
from clinic.people.places import usual_place
from clinic.people.zones import zone_of


def earliest_day(signer: Person, at: datetime) -> date:
    """Return the first day that she may have written at this moment: Taipei's, or that of her place.

    One day before Taipei's where nobody can say which clock her usual place abroad has.
    """
    here = timezone.localdate(at)
    place = usual_place(signer)
    if place is None:
        return here
    zone = zone_of(place.country, place.region, at)
    return min(here, timezone.localdate(at, zone)) if zone else here - timedelta(days=1)
