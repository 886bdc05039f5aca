"""The demo's sessions: one of every colour today, a course behind some, all through actions."""

from datetime import datetime, timedelta

from django.utils import timezone

from clinic.accounts.models import User
from clinic.cases.models import Case
from clinic.demo.parts import demo_end
from clinic.errors import Refused
from clinic.organisation.models import Room
from clinic.people.places import Place
from sessions.booking import actions as booking
from sessions.course import actions as course
from sessions.door.actions import check_door
from sessions.door.points import OF_EACH, asked_in
from sessions.jurisdictions.demo_part import places_abroad
from sessions.models import CounsellingSession
from sessions.notes import actions as notes
from sessions.places import Told
from sessions.suitability.actions import assess_suitability
from sessions.suitability.demo_part import NOTES, assessments
from sessions.suitability.words import POINTS

LINK = "https://video.example/room-"
TEN = 600  # seconds
# Today: client, way, minutes from now to the beginning; the first two of a psychologist may begin
# at once. What does not fit the hours is left out.
TODAY = (
    ("江小滿", "video", -30),
    ("游寒堃", "video", 20),
    ("鄭白露", "video", 80),
    ("許秋分", "video", 10),
    ("何處暑", "telephone", 70),
    ("葉小雪", "in_person", 130),
)
NOTE = {
    "course": "談工作交接的壓力，整理可以說不的事；約定睡前不看訊息，做到四天。",
    "client": "精神穩定，睡眠稍好；問過安全，沒有新的危險。",
    "medium": "前五分鐘畫面不動，重新加入後正常；當事人說不影響。",
    "plan": "下週同一時間；記下三次拒絕的經驗。",
}


@demo_end
def sessions_of_the_cast(members: dict[str, User], now: datetime) -> None:
    """Past and coming sessions of the cast."""
    places_abroad(members, now)
    assessments(members, now)
    _past(now)
    for name, channel, minutes in TODAY:
        _today(name, channel, minutes, now)
    _abroad(now)
    _ready(now)


def _case(name: str) -> Case | None:
    return Case.objects.open().found_by(name).first()


def _start(now: datetime, minutes: int) -> datetime:
    """Return a time ``minutes`` from now, on a full ten minutes."""
    at = int((now + timedelta(minutes=minutes)).timestamp())
    return datetime.fromtimestamp(at - at % TEN, tz=now.tzinfo)


def _book(
    name: str, channel: str, start: datetime, booked: datetime, place: Place | None = None
) -> CounsellingSession | None:
    """Book as the psychologist would have; None where the clinic is closed or busy then."""
    case = _case(name)
    rooms = list(Room.in_use())
    if case is None or not rooms:
        return None
    try:
        return booking.book(
            case=case,
            room=rooms[case.counsellor_id % len(rooms)],
            channel=channel,
            start=start,
            minutes=50,
            call_link=f"{LINK}{case.pk}" if channel == "video" else "",
            place=place,
            by=case.counsellor,
            now=booked,
        )
    except Refused:
        return None


def _today(name: str, channel: str, minutes: int, now: datetime) -> None:
    case = _case(name)
    abroad = case and Place.objects.in_use().of(case.people).exclude(country="TW").exists()
    others = Place.objects.in_use().of(case.people).filter(country="TW") if abroad else []
    place = next(iter(others), None)
    _book(name, channel, _start(now, minutes), now - timedelta(days=3), place)


def _past(now: datetime) -> None:
    """One with a signed note, one begun despite a poor line, two that did not take place.

    Always whole weeks ago: the clinic is open on the weekday on which the demo is loaded.
    """
    noon = timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)
    if dropped := _weeks_ago("江小滿", "telephone", noon, 3):
        a_day_before = dropped.during.lower - timedelta(days=1)
        by = dropped.counsellor
        booking.cancel(session=dropped, side="client", reason="要加班。", by=by, now=a_day_before)
    if hard := _weeks_ago("江小滿", "video", noon, 2):
        _hold(hard, hard.during.lower, line="poor")
    if held := _weeks_ago("江小滿", "video", noon, 1):
        _hold(held, held.during.lower)
    if absent := _weeks_ago("游寒堃", "video", noon + timedelta(hours=2), 1):
        waited = absent.during.lower + timedelta(minutes=20)
        booking.not_attended(session=absent, by=absent.counsellor, now=waited)


def _weeks_ago(name: str, channel: str, start: datetime, weeks: int) -> CounsellingSession | None:
    start -= timedelta(weeks=weeks)
    return _book(name, channel, start, start - timedelta(days=3))


def _hold(session: CounsellingSession, at: datetime, **answers: str) -> None:
    """Assess, go through the door, begin (with a reason where something is missing), end, sign."""
    by = session.counsellor
    _assess_briefly(session, at - timedelta(minutes=10))
    _answer_door(session, at - timedelta(minutes=5), **answers)
    if not course.start(session=session, by=by, now=at).started:
        reason = "畫面不動約五分鐘，聲音清楚，雙方同意先以聲音進行。"
        course.start_despite(session=session, reason=reason, by=by, now=at)
    for kind, minutes in (("disconnected", 12), ("reconnected", 14)):
        when = at + timedelta(minutes=minutes)
        course.add_event(session=session, kind=kind, by=by, now=when)
    end = at + timedelta(minutes=50)
    course.end(session=session, by=by, now=end)
    notes.sign(session=session, values=NOTE, revision=0, by=by, now=end + timedelta(minutes=9))


def _assess_briefly(session: CounsellingSession, at: datetime) -> None:
    """Look at suitability again: nothing has changed."""
    assess_suitability(
        case=session.case,
        session=session,
        form="short",
        ratings=dict.fromkeys(POINTS, 4),
        notes=NOTES,
        outcome="proceed",
        details={"compare": "same"},
        by=session.counsellor,
        now=at,
    )


def _answer_door(session: CounsellingSession, at: datetime, **answers: str) -> None:
    """Answer every point with its first answer, but for those named."""
    people = [person.pk for person in session.people]
    keys = {
        (one.point, person): answers.get(one.point, one.options[0].key)
        for one in asked_in(session)
        for person in (people if one.point in OF_EACH else [None])
    }
    check_door(session=session, answers=keys, elsewhere={}, by=session.counsellor, now=at)


def _todays(name: str, now: datetime) -> CounsellingSession | None:
    case = _case(name)
    rows = CounsellingSession.objects.filter(case=case).booked().with_people()
    return rows.on_day(timezone.localdate(now)).in_order().first() if case else None


def _ready(now: datetime) -> None:
    """Green: everything done. Amber: the same but for the door."""
    for name in ("江小滿", "游寒堃"):
        if session := _todays(name, now):
            _assess_briefly(session, now)
            if name == "江小滿":
                _answer_door(session, now)


def _abroad(now: datetime) -> None:
    """He says at the door that he is in London: the law there is not looked up, so it is red."""
    if session := _todays("許秋分", now):
        (person,) = session.people
        told = Told("GB", "London", None, "1 Example Street")
        check_door(
            session=session,
            answers={("place", person.pk): "abroad"},
            elsewhere={person.pk: told},
            by=session.counsellor,
            now=now,
        )
