"""Where each participant is on the day of a session: as told for it, else her usual place.

In person she is at the clinic: in the premises of the room, wherever she lives.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.organisation.models import Premises, Town
from clinic.people.countries import TAIWAN
from clinic.people.models import Person
from clinic.people.places import Place, usual_place
from sessions.models import CounsellingSession, SessionPlace


@dataclass(frozen=True)
class AtClinic:
    """The premises of the room in which a session is held in person."""

    premises: Premises
    country: str = TAIWAN
    region: str = ""
    place_id: None = None  # no place of hers on file
    is_abroad: bool = False

    @property
    def name(self) -> str:
        return self.premises.name

    @property
    def town(self) -> Town:
        return self.premises.town

    @property
    def town_id(self) -> str:
        return self.premises.town_id

    @property
    def street(self) -> str:
        return self.premises.street

    @property
    def full_address(self) -> str:
        """Everything an ambulance would ask for, in the order of the reader's language."""
        return self.premises.full_address


Where = SessionPlace | Place | AtClinic


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


def places_of(
    sessions: Sequence[CounsellingSession], *, before_the_call: bool = False
) -> Mapping[int, dict[int, Where]]:
    """Return the place of each person by session id and person id; two queries.

    The newest place told for the session counts (G10.4); before any was told, the usual one. What
    was told at the door before the session was moved to another time is asked anew. In person
    everybody is at the clinic, but for who told otherwise while it runs.

    :param before_the_call: the place on file, whatever was told in the call.
    """
    told = SessionPlace.objects.that_count().filter(session__in=[s.pk for s in sessions])
    if before_the_call:
        told = told.filter(how=SessionPlace.How.BOOKING)
    told = told.select_related("town__county", "place__town__county").order_by("at", "id")
    people = {person.pk for session in sessions for person in session.people}
    usual = {p.person_id: p for p in Place.objects.in_use().filter(person__in=people, usual=True)}
    found: dict[int, dict[int, Where]] = defaultdict(dict)
    for session in sessions:
        known = usual if session.is_tele else _at_clinic(session)
        found[session.pk] |= {p.pk: known[p.pk] for p in session.people if p.pk in known}
    for row in told:
        found[row.session_id][row.person_id] = row
    return found


def read_at(session: CounsellingSession, person: Person) -> Where | None:
    """Return where she reads what is written to her of it: who comes to the clinic is still at home."""
    where = places_of([session])[session.pk].get(person.pk)
    if isinstance(where, AtClinic):
        return usual_place(person)
    return where


def _at_clinic(session: CounsellingSession) -> dict[int, Where]:
    here = AtClinic(session.room.premises)
    return {person.pk: here for person in session.people}


def keep_place(
    session: CounsellingSession, person: Person, told: Told, how: str, by, now: datetime
) -> SessionPlace:
    """Write where ``person`` is for this session; the newest row counts."""
    row = SessionPlace(session=session, person=person, call_back=person.phone, how=how, at=now)
    row.country, row.region, row.town = told.country, told.region, told.town
    row.street, row.place_id, row.by = told.street, told.place_id, by.actor_label
    row.save()
    return row
