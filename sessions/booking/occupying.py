"""Keeping psychologist, room and people busy for a session: locks first, then the constraints.

The sorted advisory locks make parallel bookings of the same resources wait for one another, so
the exclusion constraints behind them do not deadlock. Should one still do (40P01), it is the same
answer as an overlap (23P01): somebody else was faster.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.errors import Refused
from clinic.kernel.constraints import refusing
from clinic.organisation.models import Room
from clinic.people.models import Person
from sessions.models import CounsellingSession, Occupancy

Resource = tuple[str, int]
LOCKS = {"person": 7101, "room": 7102, "staff": 7103}  # first key of the advisory lock
DEADLOCK = "40P01"


def resources_of(counsellor_id: int, room: Room, people: Sequence[Person]) -> list[Resource]:
    """Return what a session keeps busy, sorted as locks are taken."""
    found = [("staff", counsellor_id), ("room", room.pk), *(("person", p.pk) for p in people)]
    return sorted(found)


def hold(resources: Sequence[Resource]) -> None:
    """Wait until nobody else books any of ``resources``; held to the end of the transaction."""
    with connection.cursor() as cursor:
        for kind, number in sorted(set(resources)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS[kind], number])


def conflicts(during, resources: Sequence[Resource], but: int | None = None) -> list[str]:
    """Return in words what is busy within ``during``: kind and times, never whose session it is."""
    rows = Occupancy.objects.busy(during, list(resources), but=but)
    return [
        _("%(what)s: busy from %(start)s to %(end)s")
        % {
            "what": row.get_kind_display(),
            "start": timezone.localtime(row.during.lower).strftime("%H:%M"),
            "end": timezone.localtime(row.during.upper).strftime("%H:%M"),
        }
        for row in rows
    ]


def refuse_conflicts(during, resources: Sequence[Resource], but: int | None = None) -> None:
    """Raise Refused with every conflict in words."""
    if found := conflicts(during, resources, but):
        raise Refused(
            "sessions.busy",
            _("This time is taken (%s).") % _("; ").join(found),
            _("Please choose another time or room."),
            field="time",
        )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Put into words what the database itself refuses."""
    taken = Refused(
        "sessions.busy",
        _("Somebody has just taken this time."),
        _("Please choose another time or room."),
        field="time",
    )
    names = [f"{kind}_in_one_session_at_a_time" for kind in LOCKS]
    try:
        with refusing(**dict.fromkeys(names, taken)):
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == DEADLOCK:
            raise taken from error
        raise


def occupy(session: CounsellingSession, resources: Sequence[Resource]) -> None:
    """Keep ``resources`` busy for the time of a new session."""
    rows = [
        Occupancy(session=session, during=session.during, kind=kind, resource=number)
        for kind, number in resources
    ]
    Occupancy.objects.bulk_create(rows)


def move_occupancy(session: CounsellingSession, during, room: Room) -> None:
    """Give a session another time and room; its rows follow it (foreign key over both columns).

    The room is let go first, or the old room at the new time would count as a conflict.
    """
    rooms = session.occupancies.filter(kind=Occupancy.Kind.ROOM)
    rooms.update(released=True)
    session.during = during
    session.save(update_fields=["during"])
    rooms.update(resource=room.pk, released=False)


def release(session: CounsellingSession) -> None:
    """Let everything go that a session kept busy."""
    session.occupancies.update(released=True)
