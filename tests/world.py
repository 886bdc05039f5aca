"""A clinic in which every address leads to a real row: made by the actions that the pages call."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from clinic.accounts.actions import invite
from clinic.accounts.models import User
from clinic.clients import actions as clients
from clinic.clients import place_actions as places
from clinic.kernel.actors import System
from clinic.kernel.documents.models import Document
from clinic.kernel.documents.registry import Draft, Kind
from clinic.kernel.files.examine import Content
from clinic.kernel.links.models import Link
from clinic.kernel.roles import Role
from clinic.kernel.tasks.models import Task
from clinic.organisation.models import Premises
from clinic.staff import actions as staff
from clinic.staff import approval_actions as approvals
from clinic.staff.models import Approval, Credential
from consent import actions as consent
from consent import signing
from consent.models import Request
from consent.publishing import publish_forms, save_particulars
from crisis.directory.actions import add_resource
from crisis.profiles.actions import save_profile
from sessions.jurisdictions.actions import add_jurisdiction
from sessions.suitability.actions import assess_suitability
from sessions.suitability.words import POINTS
from supervision.actions import add_training
from tests.consent.conftest import particulars
from tests.consent.on_paper import asked_on_paper, returned
from tests.sessions.gate_world import in_progress

# Words that only the client's counsellor and her supervisor may ever read.
CLIENT_NAME, CONTACT_NAME = "江小滿測試", "江立秋測試"
CLIENT_PHONE, CONTACT_PHONE = "0000-000-777", "0000-000-778"
STREET, PLAN = "測試路 77 號", "關門以後先打給姊姊測試"
BORN = date(1992, 5, 21)
TRAINING = {"category": "telecounselling", "title": "通訊諮商基礎", "hours": 6, "points": 6}
LAW_ABROAD = {"country": "GB", "receive": "allowed", "give": "allowed", "source": "示範（虛構）"}
QUESTION, REPLY = "線路不穩時可以由我先停嗎測試", "可以，請直接說出來測試"
REASON = "適切性的依據測試"
NOTE, CALL = "談到家裡的事測試", "https://video.clinic.example/room-test"
DOCUMENT_KIND = "tests.letter"

# What stands behind ``<int:pk>``: by the word of the address before it.
PK_OF = {
    "clients": "client",
    "cases": "case",
    "staff": "member",
    "approvals": "approval",
    "premises": "premises",
    "rooms": "room",
    "tasks": "task",
    "forms": "version",
    "consent": "request",
    "papers": "paper",
    "directory": "resource",
    "jurisdictions": "jurisdiction",
    "sessions": "session",
    "despite": "attempt",
}


@dataclass
class World:
    """``rows`` by what an address calls them; ``readers`` by who they are."""

    readers: dict[str, User]
    rows: dict[str, object] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no stranger may find in any answer."""
        code = self.rows["case"].code
        told = (STREET, PLAN, code, QUESTION, REPLY, REASON, NOTE, CALL)
        return CLIENT_NAME, CONTACT_NAME, CLIENT_PHONE, CONTACT_PHONE, *told

    def address(self, route: str) -> str:
        """Return a route with this world's rows in its places."""

        def value(match: re.Match) -> str:
            name = match["name"]
            row = self.rows[PK_OF[match["word"]] if name == "pk" else name]
            return f"{match['word']}/{getattr(row, 'pk', row)}"

        return re.sub(r"(?P<word>\w+)/<(?:\w+:)?(?P<name>\w+)>", value, route)


def build(readers: dict[str, User], premises: Premises, now: datetime) -> World:
    """Make a world. ``readers`` are admin, counsellor, stranger, supervisor and intern."""
    world = World(readers)
    _staff(world, premises, now)
    _client(world, now)
    _consent(world, now)
    world.rows["paper"] = returned(asked_on_paper(world.rows["case"], now), now)
    _directory(world, now)
    _registers(world, now)
    _suitability(world, now)
    _session(world, now)
    _small_things(world, now)
    return world


def _staff(world: World, premises: Premises, now: datetime) -> None:
    admin, counsellor = world.readers["admin"], world.readers["counsellor"]
    today = timezone.localdate(now)
    period = DateRange(today - timedelta(days=30), today + timedelta(days=300))
    county, by = premises.town.county, {"by": admin, "now": now}
    values = {
        "kind": Credential.Kind.PRACTICE_LICENCE,
        "number": "示範執業字第 000109 號",
        "period": period,
        "county": county,
        "premises": premises,
    }
    credential = Credential(practitioner=counsellor.practitioner)
    credential = staff.save_credential(credential=credential, values=values, **by)
    oversight = staff.add_oversight(
        overseen=counsellor,
        overseer=world.readers["supervisor"],
        kind="clinical",
        period=DateRange(today - timedelta(days=30), None),
        **by,
    )
    values = {
        "county": county,
        "number": "示範核字第 0009 號",
        "channels": ["video"],
        "medical_partner": "示範醫院（虛構）",
        "period": period,
    }
    approval = approvals.save_approval(
        approval=Approval(), values=values, premises=[premises], **by
    )
    person = approvals.name_person(
        approval=approval, practitioner=counsellor.practitioner, period=period, **by
    )
    world.rows |= {"member": counsellor, "credential": credential, "oversight": oversight}
    world.rows |= {"approval": approval, "person": person}
    world.rows |= {"premises": premises, "room": premises.rooms.get()}


def _client(world: World, now: datetime) -> None:
    by = {"by": world.readers["counsellor"], "now": now}
    values = {
        "name": CLIENT_NAME,
        "sex": "female",
        "birth_date": BORN,
        "phone": CLIENT_PHONE,
        "email": "xiaoman@client.example",
    }
    client = clients.register_client(values=values, **by)
    contact = {"name": CONTACT_NAME, "relation": "姊妹", "phones": CONTACT_PHONE}
    contact = clients.add_contact(person=client, values=contact, **by)
    case = clients.open_case(person=client, **by)
    home = {"label": "家", "town": world.rows["premises"].town, "street": STREET}
    place = places.add_place(person=client, values=home, **by)
    plan = {"out_of_hours_plan": PLAN}
    save_profile(place=place, values=plan, picks={}, risks={}, **by)
    world.rows |= {"client": client, "contact": contact, "case": case, "place": place}


def _consent(world: World, now: datetime) -> None:
    """Publish the forms; let the client ask, be answered, have it explained, and sign."""
    admin, counsellor = world.readers["admin"], world.readers["counsellor"]
    save_particulars(values=particulars(), by=admin, now=now)
    versions = publish_forms(by=admin, now=now)
    request = consent.send_request(case=world.rows["case"], by=counsellor, now=now)
    signer, items = {"by": request.signer, "now": now}, list(request.asked_items())
    signing.open_request(request=request, electronic=True, **signer)
    signing.answer(request=request, item=items[-1], choice="ask", text=QUESTION, **signer)
    question = consent.reply(question=request.questions.get(), text=REPLY, by=counsellor, now=now)
    prepare(request, now)
    signing.sign(
        request=request,
        method="typed",
        name=CLIENT_NAME,
        strokes="",
        device={"ip": "127.0.0.1", "agent": "test", "link": 1},
        **signer,
    )
    request.refresh_from_db()
    link = Link.objects.get(purpose=Link.Purpose.CONSENT)
    world.rows |= {"version": versions[0], "request": request, "question": question}
    world.rows |= {"link_id": link, "token": link.token, "number": 1, "which": "annex_stability"}


def prepare(request: Request, now: datetime) -> None:
    """Agree to every item, understand, and have it explained: all that a signature needs."""
    signer = {"by": request.signer, "now": now}
    items = list(request.asked_items())
    for item in items:
        signing.answer(request=request, item=item, choice="agree", **signer)
    for asked in request.version.content["understanding"]["questions"]:
        signing.check_understanding(
            request=request, question=asked["id"], choice=asked["right"], **signer
        )
    consent.record_explanation(
        request=request,
        at=now,
        channel="video",
        items=[item.code for item in items],
        by=request.case.counsellor,
        now=now,
    )


def _directory(world: World, now: datetime) -> None:
    town = world.rows["premises"].town
    values = {
        "kind": "counselling",
        "name": "清明心理諮商所（虛構）",
        "county_id": town.county_id,
        "town_id": town.pk,
        "phones": "0000-000-061",
        "hours": "",
    }
    world.rows["resource"] = add_resource(values=values, by=world.readers["admin"], now=now)


def _registers(world: World, now: datetime) -> None:
    admin, today = world.readers["admin"], timezone.localdate(now)
    training = add_training(
        practitioner=world.readers["counsellor"].practitioner,
        values=TRAINING | {"day": today},
        proof=Content("image/png", b"a picture"),
        by=admin,
        now=now,
    )
    law = add_jurisdiction(values=LAW_ABROAD | {"reviewed_on": today}, by=admin, now=now)
    world.rows |= {"training": training, "jurisdiction": law, "evidence": "sessions.assessments"}


def _suitability(world: World, now: datetime) -> None:
    case = world.rows["case"]
    world.rows["assessment"] = assess_suitability(
        case=case,
        form="full",
        ratings=dict.fromkeys(POINTS, 4),
        notes=dict.fromkeys(POINTS, REASON),
        outcome="proceed",
        details={"compare": "same"},
        by=case.counsellor,
        now=now,
    )


def _session(world: World, now: datetime) -> None:
    """A session in progress, begun without the gate, with an event and the draft of a note."""
    world.rows |= in_progress(world.rows["case"], world.rows["room"], CALL, NOTE, now)


def _small_things(world: World, now: datetime) -> None:
    counsellor = world.readers["counsellor"]
    task = Task.objects.create(
        kind="no_address", key="1", owner=counsellor, about=counsellor.actor_label, due=now
    )
    invite(
        email="xiaoshu@clinic.example",
        name="丁小暑",
        roles=[Role.ADMIN],
        language="zh-hant",
        by=System("setup"),
        now=now,
    )
    document = Document.objects.create(
        kind=DOCUMENT_KIND,
        subject_label=world.rows["case"]._meta.label_lower,
        subject_id=world.rows["case"].pk,
        next_try=now,
        requested_by=counsellor.actor_label,
        requested_at=now,
    )
    world.rows |= {"task": task, "code": document.code}
    world.rows |= {"mail": "1-ab", "case_code": world.rows["case"].code}
    world.rows["appointment"] = 1  # closed without its cookie, whatever the number


def letter_kind(*readers: User) -> Kind:
    """Return a kind of document that only ``readers`` may read."""
    ids = {reader.pk for reader in readers}
    return Kind(
        DOCUMENT_KIND,
        "Letter",
        build=lambda subject_id, version, now: Draft("Letter", "<p>Letter</p>"),
        may_read=lambda user, document: user.pk in ids,
    )
