"""What an answer at the door rests on: a code word agreed beforehand, a licence shown before.

By telephone nobody sees a document: without either, the call would prove nothing (A2).
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clinic.errors import Refused
from sessions.door.points import Asked, Option, Point
from sessions.models import CounsellingSession, DoorCheck

CODE_WORD = "code_word"
ByPerson = tuple[str, int | None]


def on_file(session: CounsellingSession, asked: Iterable[Asked]) -> frozenset[ByPerson]:
    """Return what there is of that which the answers need, by person; None: of the psychologist.

    Two queries where an answer needs an earlier look at the licence, else none.
    """
    needs = {option.needs for one in asked for option in one.options} - {""}
    agreed = {(CODE_WORD, p.pk) for p in session.people if p.code_word}
    shown = {(way, None) for way in needs - {CODE_WORD} if _was_shown(session, way)}
    return frozenset(agreed | shown)


def is_offered(option: Option, person: int | None, known: frozenset[ByPerson]) -> bool:
    """Whether the file holds what an answer rests on."""
    return not option.needs or (option.needs, person) in known


def lacking(asked: Asked, person: int | None, known: frozenset[ByPerson]) -> str:
    """Return what an answer of a point needs and the file does not hold; "" for nothing."""
    gone = (o.needs for o in asked.options if not is_offered(o, person, known))
    return next(gone, "")


def ask_on_file(option: Option, person: int | None, known: frozenset[ByPerson]) -> None:
    """Refuse an answer that nothing on file bears out."""
    if is_offered(option, person, known):
        return
    if option.needs == CODE_WORD:
        raise Refused(
            "sessions.no_code_word",
            _("No code word is on file for this client."),
            _("Please agree on one and enter it in the client's file first."),
        )
    raise Refused(
        "sessions.licence_not_shown",
        _("No earlier session of this case shows that the licence was seen."),
        _("Please show it by video or at the clinic first."),
    )


def _was_shown(session: CounsellingSession, answer: str) -> bool:
    """Whether this psychologist showed it at a door of the case, or met this client face to face."""
    hers = CounsellingSession.objects.filter(case=session.case_id, counsellor=session.counsellor_id)
    began = hers.filter(channel="in_person", state__in=["started", "ended"])
    doors = DoorCheck.objects.filter(session__in=hers, point=Point.LICENCE_SHOWN)
    newest = {(check.session_id, check.channel): check.note for check in doors}
    return answer in newest.values() or began.exists()
