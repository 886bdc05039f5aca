"""Where each participant is on the day of a session: as told for it, else her usual place."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.organisation.models import Town
from clinic.people.models import Person
from clinic.people.places import Place
from sessions.models import CounsellingSession, SessionPlace

Where = SessionPlace | Place


@dataclass(frozen=True)
class Told:
    """A place as told in the call; ``place_id`` when it is one on file."""

    country: str
    region: str
    town: Town | None
    street: str
    place_id: int | None = None

    @classmethod
    def again(cls, where: Where) -> "Told":
        """The place on file, or as told before, confirmed."""
        where = getattr(where, "on_file", None) or where
        if isinstance(where, Place):
            street = f"{where.village}{where.street}"
            return cls(where.country, where.region, where.town, street, where.pk)
        return cls(where.country, where.region, where.town, where.street, where.place_id)


def places_of(sessions: Sequence[CounsellingSession]) -> Mapping[int, dict[int, Where]]:
    """Return the place of each person by session id and person id; two queries.

    The newest place told for the session counts (G10.4); before any was told, the usual one. What
    was told at the door before the session was moved to another time is asked anew.
    """
    told = SessionPlace.objects.that_count().filter(session__in=[s.pk for s in sessions])
    told = told.select_related("town__county", "place__town__county").order_by("at", "id")
    people = {person.pk for session in sessions for person in session.people}
    usual = {p.person_id: p for p in Place.objects.in_use().filter(person__in=people, usual=True)}
    found: dict[int, dict[int, Where]] = defaultdict(dict)
    for session in sessions:
        found[session.pk] |= {p.pk: usual[p.pk] for p in session.people if p.pk in usual}
    for row in told:
        found[row.session_id][row.person_id] = row
    return found


def keep_place(
    session: CounsellingSession, person: Person, told: Told, how: str, by, now: datetime
) -> SessionPlace:
    """Write where ``person`` is for this session; the newest row counts."""
    row = SessionPlace(session=session, person=person, call_back=person.phone, how=how, at=now)
    row.country, row.region, row.town = told.country, told.region, told.town
    row.street, row.place_id, row.by = told.street, told.place_id, by.actor_label
    row.save()
    return row
