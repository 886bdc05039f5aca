"""Turning sessions into the frozen values that the requirements are asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, F, Q
from django.utils import timezone

from clinic.accounts.models import User
from clinic.cases.models import Case
from clinic.kernel.readiness import ParticipantPlan, Planned
from clinic.organisation.models import Room
from clinic.people.models import Person
from clinic.people.places import Place
from clinic.staff.models import Oversight
from sessions.models import CounsellingSession
from sessions.places import Where, places_of


def plans_of(sessions: Sequence[CounsellingSession]) -> Mapping[int, Planned]:
    """Return the plan of each session by its id, in four queries however many there are.

    ``sessions`` come from ``CounsellingSession.objects.with_people()``.
    """
    places = places_of(sessions)
    days = {s.pk: (s.counsellor_id, timezone.localdate(s.during.lower)) for s in sessions}
    overseers = Oversight.objects.overseers_on(days.values())
    ordinals = _ordinals(sessions)
    return {
        session.pk: Planned(
            session_id=session.pk,
            case_id=session.case_id,
            modality=session.case.modality,
            channel=session.channel,
            start=session.during.lower,
            room_id=session.room_id,
            counsellor_id=session.counsellor_id,
            counsellor_kind=kind_of(session.counsellor),
            overseer_ids=overseers[days[session.pk]],
            participants=tuple(
                participant(part.person, part.role, places[session.pk].get(part.person_id))
                for part in session.case.participants.all()
                if part.left_at is None
            ),
            ordinal=ordinals.get(session.pk, 1),
        )
        for session in sessions
    }


def plan_of(session: CounsellingSession) -> Planned:
    """Return the plan of one session."""
    return plans_of([session])[session.pk]


def plan_anew(
    case: Case,
    *,
    channel: str,
    start: datetime,
    end: datetime,
    room: Room,
    place: Place | None = None,
) -> Planned:
    """Return the plan of a session of the case's psychologist that is not booked yet.

    ``place`` is where its person will be, when it is not her usual place.
    """
    session = CounsellingSession(
        case=case,
        counsellor=case.counsellor,
        channel=channel,
        room=room,
        during=DateTimeTZRange(start, end),
    )
    plan = plan_of(session)
    if place is None:
        return plan
    told = (
        participant(place.person, p.role, place) if p.person_id == place.person_id else p
        for p in plan.participants
    )
    return replace(plan, participants=tuple(told))


def kind_of(user: User) -> str:
    """Return the kind of practitioner; "" where none is on file."""
    practitioner = getattr(user, "practitioner", None)
    return practitioner.kind if practitioner else ""


def participant(person: Person, role: str, where: Where | None) -> ParticipantPlan:
    """Return what a plan says of one participant; no country where no place is known."""
    if where is None:
        return ParticipantPlan(person.pk, role, person.birth_date, country="")
    place = where.pk if isinstance(where, Place) else where.place_id
    return ParticipantPlan(
        person.pk,
        role,
        person.birth_date,
        country=where.country,
        town_code=where.town_id or "",
        region=where.region,
        place_id=place,
    )


def _ordinals(sessions: Sequence[CounsellingSession]) -> dict[int, int]:
    """Return by session which of its case's sessions it is; cancelled ones do not count."""
    counted = ~Q(case__sessions__state__in=["cancelled", "not_attended"])
    before = Q(case__sessions__during__startswith__lt=F("during__startswith"))
    rows = CounsellingSession.objects.filter(pk__in=[s.pk for s in sessions])
    rows = rows.annotate(before=Count("case__sessions", filter=counted & before))
    return {pk: before + 1 for pk, before in rows.values_list("pk", "before")}
