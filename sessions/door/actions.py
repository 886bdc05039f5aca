"""Recording the opening check. Rows are only ever added; the newest of a point and person counts."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.errors import Refused
from clinic.kernel.action import action, record
from sessions.access import ask_for_session
from sessions.door.on_file import ask_on_file, on_file
from sessions.door.points import asked_in
from sessions.locked import ask_booked, lock
from sessions.models import Attendance, CounsellingSession, DoorCheck, SessionPlace
from sessions.models.door import DOOR_OPENS
from sessions.places import Told, Where, keep_place, places_of

Answers = Mapping[tuple[str, int | None], str]
AS_FILED = "as_filed"


@action("session.door", says=gettext_lazy("went through the opening check"))
def check_door(
    *,
    session: CounsellingSession,
    answers: Answers,
    elsewhere: Mapping[int, Told],
    seen: int | None = None,
    version: int | None = None,
    places_seen: str | None = None,
    by,
    now: datetime,
) -> CounsellingSession:
    """Record answers by point and person; what has not changed is not written again.

    :param answers: keys of ``opening_check.toml``; None as person where a point is of all.
    :param elsewhere: by person, where she is when it is not the place on file.
    :param seen: the id of the newest answer that the writer saw, 0 for none; a newer one that says
        something else is not overwritten unseen.
    :param version: of the session that the writer saw: what was asked by one way, or in one room,
        is not kept as asked in another.
    :param places_seen: ``digest_of`` the places on file that the writer saw: none that nobody read
        out is kept as confirmed.
    Raises Refused long before the session: what is true today is asked in the call (G10.4); and for
    an answer that rests on what is not on file.
    """
    ask_for_session(session, by)
    row = lock(session, version)
    ask_booked(row)
    _ask_open(row, now)
    known = newest_answers(row)
    if seen is not None and seen != newest_number(row):
        _ask_the_same(row, answers, elsewhere, known)
    expected = places_of([row], before_the_call=True)[row.pk]
    if places_seen is not None and AS_FILED in answers.values():
        _ask_where_it_was(expected, places_seen)
    _keep_answers(row, {k: key for k, key in answers.items() if known.get(k) != key}, by, now)
    _keep_places(row, {**_confirmed(row, answers, expected), **elsewhere}, by, now)
    record(row)
    record(row.case)
    return row


def _ask_open(row: CounsellingSession, now: datetime) -> None:
    if now < row.during.lower - DOOR_OPENS:
        raise Refused(
            "sessions.door_early",
            _("The opening check is for the call itself: it opens an hour before the session."),
            _("Please come back then."),
        )


def _ask_where_it_was(places: Mapping[int, Where], seen: str) -> None:
    """Refuse where the place on file is another one than that which was read out."""
    if seen != digest_of(places):
        raise Refused(
            "sessions.place_changed",
            _("The place on file was changed in another window meanwhile."),
            _("Please look at it above, ask again, and save once more."),
        )


def _keep_answers(row: CounsellingSession, answers: Answers, by, now: datetime) -> None:
    asked = {one.point: one for one in asked_in(row)}
    filed = on_file(row, asked.values())
    for (point, person), key in answers.items():
        option = asked[point].option_of(key)
        ask_on_file(option, person, filed)
        check = DoorCheck(session=row, point=point, person_id=person, note=key)
        check.result = option.result
        check.channel, check.room = row.channel, row.room
        check.by, check.at = by, now
        check.save()


def _ask_the_same(row: CounsellingSession, answers: Answers, elsewhere, known: Answers) -> None:
    """Refuse where another window answered something else, or told another place, meanwhile."""
    where = places_of([row])[row.pk]
    place = any(p in where and Told.again(where[p]) != told for p, told in elsewhere.items())
    if place or any(known.get(point, key) != key for point, key in answers.items()):
        raise Refused(
            "sessions.door_newer",
            _(
                "The opening check was answered in another window meanwhile, and not in the same way."
            ),
            _("Yours are below. To keep them instead, save once more."),
        )


def newest_number(session: CounsellingSession) -> int:
    """Return the id of the newest answer of the call; 0 where there is none."""
    return max((check.pk for check in session.door_checks.in_the_call()), default=0)


def newest_answers(session: CounsellingSession) -> dict[tuple[str, int | None], str]:
    """Return the newest answer of the call by point and person; one query."""
    return {(c.point, c.person_id): c.note for c in session.door_checks.in_the_call()}


def not_to_be_called(session: CounsellingSession) -> set[int]:
    """Return the people with whom it was agreed in this call that nobody rings them; one query."""
    agreed = newest_answers(session).items()
    plan = DoorCheck.Point.DISCONNECT_PLAN
    return {person for (point, person), key in agreed if (point, key) == (plan, DoorCheck.NO_CALL)}


def digest_of(places: Mapping[int, Where]) -> str:
    """Return what tells whether these places are still the same, without saying where they are."""
    said = [(person, where.country, where.full_address) for person, where in places.items()]
    return salted_hmac("sessions.door.places", repr(sorted(said))).hexdigest()


def is_same(place: Where, other: Where | None) -> bool:
    """Whether both name one place, be it chosen from the file or told in words."""
    return other is not None and digest_of({0: place}) == digest_of({0: other})


def _confirmed(
    row: CounsellingSession, answers: Answers, expected: Mapping[int, Where]
) -> dict[int, Told]:
    """By person, the place on file where it was confirmed; not the one told at an earlier door."""
    at_home = [p.pk for p in row.people if answers.get((DoorCheck.Point.PLACE, p.pk)) == AS_FILED]
    return {person: Told.again(expected[person]) for person in at_home if person in expected}


def _keep_places(session: CounsellingSession, told: Mapping[int, Told], by, now) -> None:
    """Keep where each is, once."""
    where = places_of([session])[session.pk]
    for person in session.people:
        place = told.get(person.pk)
        if place and not _kept(where.get(person.pk), place):
            keep_place(session, person, place, SessionPlace.How.DOOR, by, now)


def _kept(known: Where | None, told: Told) -> bool:
    """Whether this very place was told at this door already, not before the session was moved."""
    at_door = isinstance(known, SessionPlace) and known.how == SessionPlace.How.DOOR
    return at_door and Told.again(known) == told


def confirm_roles(session: CounsellingSession, now: datetime) -> None:
    """Note who is there as the session begins (G7.1)."""
    parts = session.case.participants.all()
    Attendance.objects.bulk_create(
        Attendance(session=session, person=part.person, role=part.role, present_from=now)
        for part in parts
        if part.left_at is None
    )
