"""Everything that a crisis page shows, in one query: a session or a client, all rows around them,
and what the directory knows near the place of the day. No cache and no broker is asked.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, F, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from django.http import Http404
from django.utils import timezone

from clinic.accounts.models import User
from clinic.cases.access import people_visible_to
from clinic.cases.models import Participant
from clinic.kernel.together import ask_together
from clinic.organisation.models import Clinic, County, Premises, Room, Town
from clinic.people.models import EmergencyContact, Person
from clinic.people.places import Place
from clinic.staff.models import Oversight
from crisis.directory.finding import REPEATS, Nearby, nearby
from crisis.models import Choice, CrisisProfile, Resource, ResourcePhone
from sessions.models import Channel, CounsellingSession, DoorCheck, SessionPlace
from sessions.models.door import DOOR_OPENS
from sessions.places import AtClinic

LATELY = timedelta(hours=12)
MOST_OF_A_NEED = 2  # numbers of each kind where no profile serves


@dataclass(frozen=True)
class Around:
    """Who was asked for and the rows around her, joined: places know townships, profiles numbers."""

    subject: CounsellingSession | Person | User
    clinic: Clinic | None
    people: list[Person]
    contacts: dict[int, list[EmergencyContact]]
    usual: dict[int, Place]
    told: dict[int, SessionPlace]
    here: AtClinic | None  # where a session in person is held about now
    silent: set[int]  # who agreed in today's call that nobody rings her
    profiles: dict[int, list[CrisisProfile]]
    supervisors: list[User]
    nearby: Nearby


def around_session(pk: int, user, now: datetime) -> Around:
    """Load a session with all who take part. Raises Http404 where ``user`` sees no such session."""
    asked = CounsellingSession.objects.filter(pk=pk)
    taking_part = Participant.objects.filter(case__in=asked.values("case"), left_at=None)
    return _around(
        CounsellingSession.objects.visible_to(user).filter(pk=pk).defer("during"),
        Person.objects.filter(pk__in=taking_part.values("person")),
        SessionPlace.objects.that_count().filter(session=pk),
        DoorCheck.objects.in_the_call().filter(session=pk),
        asked.values("counsellor"),
        now,
        held=_under_way(asked, now).filter(channel=Channel.IN_PERSON),
    )


def around_client(pk: int, user, now: datetime) -> Around:
    """Load a client outside a session, with where she was to be in those just held or about to
    begin that ``user`` sees, but for those cancelled or not attended; the supervisors are those of
    ``user``. While one in person is under way, she is at the clinic, whatever was told for another.
    Raises Http404 where ``user`` sees no such client.
    """
    seen = CounsellingSession.objects.visible_to(user)
    nobody_came = CounsellingSession.State.NOT_ATTENDED
    lately = seen.between(now - LATELY, now + DOOR_OPENS)
    lately = lately.standing().exclude(state=nobody_came).values("pk")
    held = _held_now(seen, pk, now)
    told = SessionPlace.objects.that_count().filter(person=pk, session__in=lately)
    return _around(
        people_visible_to(user).filter(pk=pk),
        Person.objects.filter(pk=pk),
        told.filter(Q(session__in=held.values("pk")) | ~Exists(held)),
        DoorCheck.objects.in_the_call().filter(person=pk, session__in=lately),
        [user.pk],
        now,
        held=held,
    )


def _held_now(sessions: QuerySet, person: int, now: datetime) -> QuerySet:
    """The one that ``person`` is in now, where it is in person; one that runs before one to come."""
    hers = Participant.objects.filter(person=person, left_at=None)
    under_way = _under_way(sessions.filter(case__in=hers.values("case")), now)
    first = under_way.order_by(F("started_at").desc(nulls_last=True), "during")[:1]
    return CounsellingSession.objects.filter(pk__in=first.values("pk"), channel=Channel.IN_PERSON)


def _under_way(sessions: QuerySet, now: datetime) -> QuerySet:
    """Those that run, or to which people come now.

    One of tomorrow, or over since, says nothing of where anybody is; nor one that nobody ended.
    """
    state = CounsellingSession.State
    runs = Q(state=state.STARTED, started_at__gt=now - LATELY)
    begins = Q(during__startswith__lte=now + DOOR_OPENS, during__endswith__gt=now)
    return sessions.filter(runs | Q(begins, state=state.BOOKED))


def around_nobody(user, now: datetime) -> Around:
    """Load what holds where nobody was named: the clinic, and the supervisors of ``user``."""
    nobody, nowhere, nothing = (m.objects.none() for m in (Person, SessionPlace, DoorCheck))
    return _around(User.objects.filter(pk=user.pk), nobody, nowhere, nothing, [user.pk], now)


def _around(
    subject: QuerySet,
    who: QuerySet,
    told: QuerySet,
    agreed: QuerySet,
    overseen: QuerySet | list[int],
    now: datetime,
    held: QuerySet | None = None,
) -> Around:
    """Ask one query. Who must not be contacted is not even loaded; ``nearby`` is of the first
    person's place. ``held``: the session, where it is in person.
    """
    here = _premises_of(held)
    places = Place.objects.filter(person__in=who)
    choices = Choice.objects.filter(profile__person__in=who)
    listed = choices.exclude(resource=None).values("resource")
    town = _town_of_today(who.order_by("pk").values("pk")[:1], told, here, places)
    near = Resource.objects.around_place(town, Substr(town, 1, 5), now, REPEATS * MOST_OF_A_NEED)
    found = ask_together(
        subject,
        Clinic.objects.all(),
        who.order_by("pk"),
        EmergencyContact.objects.filter(person__in=who, ended_at=None, do_not_contact=False),
        places,
        told.order_by("at", "id"),
        here,
        agreed.filter(point=DoorCheck.Point.DISCONNECT_PLAN).order_by("at", "id"),
        _towns_of(places, told, here),
        County.objects.all(),
        CrisisProfile.objects.filter(person__in=who),
        choices.with_change(),
        Resource.objects.filter(pk__in=listed).with_checks(now),
        ResourcePhone.objects.filter(resource__in=listed),
        _supervisors(overseen, now),
        User.objects.filter(pk__in=Clinic.objects.values("responsible"), is_active=True),
        near.select_related(None),
    )
    if not found[0]:
        raise Http404
    return _joined(*found, now=now)


def _premises_of(held: QuerySet | None) -> QuerySet:
    if held is None:
        return Premises.objects.none()
    rooms = Room.objects.filter(pk__in=held.values("room"))
    booked = held.filter(state=CounsellingSession.State.BOOKED)
    rows = Premises.objects.filter(pk__in=rooms.values("premises"))
    return rows.annotate(awaited=Exists(booked))


def _towns_of(*where: QuerySet) -> QuerySet:
    return Town.objects.filter(reduce(or_, (Q(pk__in=rows.values("town")) for rows in where)))


def _supervisors(overseen: QuerySet | list[int], now: datetime) -> QuerySet:
    in_force = Oversight.objects.in_force_on(timezone.localdate(now)).of_service()
    overseers = in_force.filter(overseen__in=overseen).values("overseer")
    return User.objects.filter(pk__in=overseers).order_by("name", "pk")


def _town_of_today(person: QuerySet, told: QuerySet, here: QuerySet, places: QuerySet) -> Coalesce:
    """The township of one person: as told for this session, else of the clinic where it is in
    person, else where she usually is."""
    newest = told.filter(person=Subquery(person)).order_by("-at", "-id").values("town")[:1]
    usual = places.filter(person=Subquery(person), usual=True, ended_at=None).values("town")[:1]
    return Coalesce(Subquery(newest), Subquery(here.values("town")[:1]), Subquery(usual))


def _joined(
    subjects, clinics, people, contacts, places, told, premises, agreed, towns, counties, *rest, now
) -> Around:
    profiles, choices, listed, phones, overseers, in_charge, near = rest
    _join_towns([*places, *told, *premises], towns, counties)
    _join_places(told, places)
    _join_profiles(profiles, places, choices, listed, phones)
    usual = {p.person_id: p for p in places if p.usual and p.ended_at is None}
    today = {row.person_id: row for row in told}  # the newest comes last
    here = next(map(AtClinic, premises), None)
    return Around(
        subject=subjects[0],
        clinic=clinics[0] if clinics else None,
        people=people,
        contacts=_by_person(contacts),
        usual=usual,
        told=today,
        here=here,
        silent=_silent(agreed),
        profiles=_by_person(profiles),
        supervisors=overseers or in_charge,
        nearby=_nearby(near, people, today, here, usual, now),
    )


def _silent(agreed: list[DoorCheck]) -> set[int]:
    newest = {row.person_id: row.note for row in agreed}  # the newest comes last
    return {person for person, key in newest.items() if key == DoorCheck.NO_CALL}


def _nearby(rows, people, told, here, usual, now: datetime) -> Nearby:
    """What was found near the first participant; the code of no township where there is none."""
    first = people[0].pk if people else None
    known = (place.town_id for place in (told.get(first), here, usual.get(first)) if place)
    town = next(filter(None, known), "")
    return nearby(rows, now, MOST_OF_A_NEED, town=town, county=town[:5])


def _by_person(rows) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _join_places(told, places) -> None:
    known = {place.pk: place for place in places}
    for row in told:
        row.place = known.get(row.place_id)


def _join_towns(places, towns, counties) -> None:
    by_code = {county.pk: county for county in counties}
    for town in towns:
        town.county = by_code[town.county_id]
    known = {town.pk: town for town in towns}
    for place in places:
        place.town = known.get(place.town_id)


def _join_profiles(profiles, places, choices, listed, phones) -> None:
    """Give profiles their places and choices as if they had been prefetched."""
    numbers, answers = defaultdict(list), defaultdict(list)
    for phone in sorted(phones, key=lambda phone: phone.position):
        numbers[phone.resource_id].append(phone)
    rows = {row.pk: row for row in listed}
    for row in listed:
        row._prefetched_objects_cache = {"phones": numbers[row.pk]}  # noqa: SLF001  as prefetched
    for choice in choices:
        choice.resource = rows.get(choice.resource_id)
        answers[choice.profile_id].append(choice)
    by_place = {place.pk: place for place in places}
    for profile in profiles:
        profile.place = by_place[profile.place_id]
        profile._prefetched_objects_cache = {"choices": answers[profile.pk]}  # noqa: SLF001  as prefetched
