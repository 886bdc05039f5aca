"""A clinic that may give telecounselling, a client with a case, and a session booked for tomorrow."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import override

from clinic.accounts.models import User
from clinic.cases.models import Case
from clinic.clients.actions import open_case, register_client
from clinic.clients.place_actions import add_place
from clinic.organisation.models import OpeningHours
from clinic.staff.models import Approval, ApprovedPerson, Credential, Oversight
from sessions.booking.actions import book
from sessions.course.actions import end, start
from sessions.models import CounsellingSession, Note
from sessions.notes.actions import sign
from supervision.models import TrainingEntry
from tests.house import certify, license_ever
from tests.sessions.gate_world import prepared, through_the_door
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.stages import Stages

STAGES = Stages(__file__)

BORN = date(1992, 5, 20)
CLIENT = "xiaoman@client.example"
CALL = "https://video.clinic.example/room-chun"
WORDS = {"course": "談工作交接的壓力。", "client": "穩定，沒有新的危險。"}  # of a note


def ten_tomorrow(now: datetime) -> datetime:
    """10:00 of the next day in Taipei."""
    day = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(10)))


@pytest.fixture
def english(settings):
    """Words are compared in English, whatever the catalogue says."""
    settings.LANGUAGE_CODE = "en"
    with override("en"):
        yield


@pytest.fixture
def read(browse, english):
    """``read(user)`` is a signed-in browser that reads English."""

    def in_english(user):
        browser = browse(user)
        browser.cookies["language"] = "en"
        return browser

    return in_english


@STAGES.fixture
def in_force(clinic, premises, town, counsellor):
    """Certificate and licence, approval that names the psychologist, training, and hours on every day."""
    OpeningHours.objects.all().delete()
    for weekday in range(1, 8):
        OpeningHours.objects.create(weekday=weekday, opens="08:00", closes="22:00")
    ever = DateRange(date(2026, 1, 1), date(2040, 1, 1))
    certify(counsellor)
    Credential.objects.create(
        practitioner=counsellor.practitioner,
        kind=Credential.Kind.PRACTICE_LICENCE,
        number="示範執業字第 000101 號",
        period=ever,
        county=town.county,
        premises=premises,
    )
    approval = Approval.objects.create(
        county=town.county,
        number="示範核字第 0001 號",
        channels=["video", "telephone"],
        age_floor=18,
        medical_partner="示範醫院",
        period=ever,
    )
    approval.premises.add(premises)
    ApprovedPerson.objects.create(
        approval=approval, practitioner=counsellor.practitioner, period=ever
    )
    TrainingEntry.objects.create(
        practitioner=counsellor.practitioner,
        day=date(2026, 1, 10),
        category=TrainingEntry.Category.TELECOUNSELLING,
        title="通訊諮商訓練",
        hours=6,
        points=0,
        entered_by=counsellor,
        entered_at=timezone.now(),
    )
    return approval


@STAGES.fixture
def case(in_force, town, counsellor, now) -> Case:
    """An individual case of a client with mail, who is usually at home in 臺北市文山區."""
    values = {
        "name": "江小滿",
        "sex": "female",
        "birth_date": BORN,
        "email": CLIENT,
        "phone": "0000-000-011",
    }
    by = {"by": counsellor, "now": now}
    person = register_client(values=values, **by)
    home = {"label": "家", "town": town, "street": "示範路 11 號"}
    add_place(person=person, values=home, **by)
    return open_case(person=person, **by)


@STAGES.fixture
def room(premises):
    """春室."""
    return premises.rooms.get(name="春室")


@STAGES.fixture
def session(case, room, counsellor, now) -> CounsellingSession:
    """A video session tomorrow at 10:00 in 春室."""
    return book(
        case=case,
        room=room,
        channel="video",
        start=ten_tomorrow(now),
        minutes=50,
        call_link=CALL,
        by=counsellor,
        now=now,
    )


@STAGES.fixture
def ready(session, admin, now) -> CounsellingSession:
    """The session with everything done but the opening check: amber."""
    prepared(session.case, admin, now)
    return session


@STAGES.fixture
def open_door(ready) -> CounsellingSession:
    """The session with the opening check done five minutes before its time: green."""
    through_the_door(ready, ready.during.lower - timedelta(minutes=5))
    return ready


@STAGES.fixture
def running(open_door, counsellor) -> CounsellingSession:
    """The session in progress, begun on time."""
    return start(session=open_door, by=counsellor, now=open_door.during.lower).session


@STAGES.fixture
def ended(running, counsellor) -> CounsellingSession:
    """The session ended on time."""
    return end(session=running, by=counsellor, now=running.during.upper)


@STAGES.fixture
def signed(ended, counsellor) -> Note:
    """The signed note of the session that has ended."""
    return sign(session=ended, values=WORDS, revision=0, by=counsellor, now=timezone.now())


def overseen(who: User, by: User, now: datetime) -> Oversight:
    """Put ``who`` under the clinical supervision of ``by``."""
    period = DateRange(timezone.localdate(now) - timedelta(days=9), None)
    return Oversight.objects.create(overseer=by, overseen=who, kind="clinical", period=period)


@pytest.fixture
def oversight(counsellor, supervisor, now) -> Oversight:
    return overseen(counsellor, supervisor, now)


@pytest.fixture
def interns_note(premises, intern, supervisor, now) -> Note:
    """An intern's note on an ended session of her own case, signed by her alone."""
    overseen(intern, supervisor, now)
    license_ever(supervisor, premises)
    values = {"name": "林處暑", "sex": "female", "birth_date": BORN, "phone": "0000-000-014"}
    person = register_client(values=values, by=intern, now=now)
    case = open_case(person=person, by=intern, now=now)
    session = CounsellingSession.objects.create(
        case=case,
        counsellor=intern,
        room=premises.rooms.get(),
        channel="video",
        during=(now - timedelta(hours=2), now - timedelta(hours=1)),
        state="ended",
        started_at=now - timedelta(hours=2),
        ended_at=now - timedelta(hours=1),
        booked_by=intern,
        booked_at=now,
    )
    return sign(session=session, values=WORDS, revision=0, by=intern, now=now)


@pytest.fixture
def second_case(in_force, town, counsellor, now) -> Case:
    """Another client of the same psychologist."""
    by = {"by": counsellor, "now": now}
    values = {"name": "鄭白露", "sex": "female", "birth_date": BORN, "phone": "0000-000-013"}
    person = register_client(values=values, **by)
    add_place(person=person, values={"label": "家", "town": town, "street": "示範路 13 號"}, **by)
    return open_case(person=person, **by)


@pytest.fixture
def book_another(second_case, room, counsellor, now):
    """``book_another(start, channel)`` is a session of another client, without a video link."""

    def booked(start: datetime, channel: str) -> CounsellingSession:
        of = {"case": second_case, "room": room, "start": start, "minutes": 50}
        return book(**of, channel=channel, by=counsellor, now=now)

    return booked


@pytest.fixture
def of_another(session, book_another) -> CounsellingSession:
    """A session of another client, a week after the first, by telephone."""
    return book_another(session.during.lower + timedelta(days=7), "telephone")


@pytest.fixture
def mine(in_force, counsellor, read):
    """The psychologist's browser."""
    return read(counsellor)


@pytest.fixture
def form(room, session) -> dict[str, str]:
    """What books a session at the time of the one that is booked already, or moves that."""
    return {
        "day": str(session.starts_at.date()),
        "time": "10:00",
        "minutes": "50",
        "channel": "video",
        "call_link": CALL,
        "room": str(room.pk),
        "place": "",
        "version": "1",
    }
