"""A clinic with published forms, a client with a case, and her consent request."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from clinic.clients.actions import add_contact, open_case, register_client
from clinic.staff.models import Approval
from consent.actions import record_explanation, send_request
from consent.figures import BEFORE_A_UNIT
from consent.models import Answer, FormVersion, Particular
from consent.publishing import publish_forms
from consent.retention import YEARS
from consent.signing import answer, check_understanding, open_request, sign
from consent.wording import particulars_asked
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.stages import Stages

STAGES = Stages(__file__)

BORN = date(1992, 5, 20)
DEVICE = {"ip": "127.0.0.1", "agent": "test", "link": 1}


@STAGES.fixture
def approval(clinic, premises, town):
    row = Approval.objects.create(
        county=town.county,
        number="示範核字第 0001 號",
        channels=["video", "telephone"],
        age_floor=18,
        medical_partner="示範醫院",
        period=DateRange(date(2026, 1, 1), None),
    )
    row.premises.add(premises)
    return row


def particulars(zh: str = "（示範）", en: str = " (demo)") -> dict[str, tuple[str, str]]:
    """Words for every particular that the forms ask for; years and what has a unit are a number."""
    words = {key: (f"{key}{zh}", f"{key}{en}") for key in particulars_asked()}
    return words | dict.fromkeys([YEARS, *BEFORE_A_UNIT], ("10", "10"))


def publish(admin, now) -> list[FormVersion]:
    """Publish the three default forms; the particulars that they ask for are made as rows."""
    Particular.objects.bulk_create(
        Particular(key=key, value_zh=zh, value_en=en) for key, (zh, en) in particulars().items()
    )
    return publish_forms(by=admin, now=now)


@STAGES.fixture
def client_person(counsellor, now):
    person = register_client(
        values={
            "name": "江小滿",
            "sex": "female",
            "birth_date": BORN,
            "email": "xiaoman@client.example",
            "phone": "0000-000-011",
        },
        by=counsellor,
        now=now,
    )
    contact = {"name": "江立秋", "relation": "姊妹", "phones": "0000-000-012"}
    add_contact(person=person, values=contact, by=counsellor, now=now)
    return person


@STAGES.fixture
def case(client_person, approval, counsellor, now):
    return open_case(person=client_person, by=counsellor, now=now)


@STAGES.fixture
def forms(clinic, approval, admin, now):
    return publish(admin, now)


@STAGES.fixture
def request_sent(case, forms, counsellor, now):
    return send_request(case=case, by=counsellor, now=now)


@STAGES.fixture
def opened(request_sent, client_person, now):
    return open_request(request=request_sent, electronic=True, by=client_person, now=now)


def agree_to_all(request, person, now):
    """Agree to every item: by its row alone, but to the last by the action, which settles."""
    *others, last = request.asked_items()
    Answer.objects.bulk_create(
        [Answer(request=request, item=item, choice="agree", at=now) for item in others],
        update_conflicts=True,
        unique_fields=["request", "item"],
        update_fields=["choice", "at"],
    )
    answer(request=request, item=last, choice="agree", by=person, now=now)


def understand(request, person, now):
    for question in request.version.content["understanding"]["questions"]:
        check_understanding(
            request=request,
            question=question["id"],
            choice=question["right"],
            by=person,
            now=now,
        )


def explain(request, counsellor, now):
    codes = [item.code for item in request.asked_items()]
    return record_explanation(
        request=request, at=now, channel="video", items=codes, by=counsellor, now=now
    )


def complete(request, person, counsellor, now):
    """Answer, understand and explain an opened request: nothing is missing but the signature."""
    agree_to_all(request, person, now)
    understand(request, person, now)
    explain(request, counsellor, now)
    request.refresh_from_db()
    return request


@STAGES.fixture
def ready(opened, client_person, counsellor, now):
    """A request that lacks nothing but the signature."""
    return complete(opened, client_person, counsellor, now)


@STAGES.fixture
def signed(ready, client_person, now):
    return sign(
        request=ready,
        method="typed",
        name="江小滿",
        strokes="",
        device=DEVICE,
        by=client_person,
        now=now,
    )
