"""What a booking would meet, shown before it is saved."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.cases.models import Case
from clinic.errors import Refused
from clinic.kernel.readiness import Finding, Planned
from clinic.organisation.models import Room
from clinic.people.models import Person
from clinic.people.safe_contact import safe_contact_words
from clinic.staff.models import Approval
from sessions.booking.actions import ask_link, stops_booking
from sessions.booking.occupying import Resource, conflicts, resources_of
from sessions.booking.times import check_time
from sessions.models import Channel, CounsellingSession
from sessions.planning import plan_anew, plan_of


@dataclass(frozen=True)
class Preview:
    """Why the time cannot be had, what is busy, and what the gate misses already.

    ``exclusions``: whom the approval of this session leaves out, for the psychologist to read.
    ``cautions``: title and words of what stops nothing, such as another safe way than the telephone.
    """

    refused: str
    busy: tuple[str, ...] = ()
    missing: tuple[Finding, ...] = ()
    exclusions: tuple[str, ...] = ()
    cautions: tuple[tuple[str, str], ...] = ()

    @property
    def free(self) -> bool:
        """Whether it could be booked as it is."""
        return not (self.refused or self.busy or self.missing)


def preview_booking(case: Case, values: dict[str, Any], now: datetime) -> Preview:
    """Look at a new session of ``case`` with the values of the form."""

    def plan_at(during: DateTimeTZRange) -> Planned:
        return plan_anew(
            case,
            channel=values["channel"],
            start=during.lower,
            end=during.upper,
            room=values["room"],
            place=values.get("place"),
        )

    resources = resources_of(case.counsellor_id, values["room"], case.people)
    return replace(
        _preview(values, resources, plan_at, now), cautions=_cautions(values, case.people)
    )


def preview_move(session: CounsellingSession, values: dict[str, Any], now: datetime) -> Preview:
    """Look at another time for ``session``; its client is where she told for it (G10.4)."""

    def plan_at(during: DateTimeTZRange) -> Planned:
        moved = copy(session)
        moved.during, moved.channel, moved.room = during, values["channel"], values["room"]
        return plan_of(moved)

    resources = resources_of(session.counsellor_id, values["room"], session.people)
    found = _preview(values, resources, plan_at, now, session)
    return replace(found, cautions=_cautions(values, session.people))


def _preview(
    values: dict[str, Any],
    resources: list[Resource],
    plan_at: Callable[[DateTimeTZRange], Planned],
    now: datetime,
    session: CounsellingSession | None = None,
) -> Preview:
    kept, but = (session.during, session.pk) if session else (None, None)
    try:
        during = check_time(values["start"], values["minutes"], now, kept)
        ask_link(values["channel"], values["call_link"])
    except Refused as refused:
        return Preview(str(refused))
    plan = plan_at(during)
    missing, busy = stops_booking(plan, now), conflicts(during, resources, but)
    return Preview("", tuple(busy), tuple(missing), _exclusions(plan, values["room"]))


def _cautions(values: dict[str, Any], people: list[Person]) -> tuple[tuple[str, str], ...]:
    """Whose safe way is not the telephone by which the session is to be held, and what is."""
    if values["channel"] != Channel.TELEPHONE:
        return ()
    agreed = _("Please book it by telephone only where you agreed on that with the client.")
    return tuple(
        (
            _("The safe way of %(name)s is not the telephone") % {"name": person.name},
            " ".join([*safe_contact_words(person), agreed]),
        )
        for person in people
        if not person.may_be_called
    )


def _exclusions(plan: Planned, room: Room) -> tuple[str, ...]:
    """The words of the approvals that cover the session; none covers one in person."""
    day = timezone.localdate(plan.start)
    found = Approval.objects.covering(plan.counsellor_id, room, plan.channel, day)
    return tuple(dict.fromkeys(row.exclusions for row in found if row.exclusions))
