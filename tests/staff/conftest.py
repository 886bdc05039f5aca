"""Licences, approvals and planned sessions, dated from one day; browsers that read English."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from clinic.kernel.readiness import Planned
from clinic.staff.models import Approval, ApprovedPerson, Credential, Oversight
from supervision.models import TrainingEntry
from tests.house import certify

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # 12:00 in Taipei


def period(start: int, last: int | None) -> DateRange:
    """From ``start`` to ``last`` days after DAY, both included; without an end if ``last`` is None."""
    end = None if last is None else DAY + timedelta(days=last + 1)
    return DateRange(DAY + timedelta(days=start), end)


def give_licence(user, premises, start: int = -100, last: int = 100, **more) -> Credential:
    """Put a practice licence on file."""
    return Credential.objects.create(
        practitioner=user.practitioner,
        kind="practice_licence",
        number="示範字第 1 號",
        county=premises.town.county,
        premises=premises,
        period=period(start, last),
        **more,
    )


def give_papers(user, premises, *days: int) -> None:
    """Put a certificate and a practice licence on file."""
    certify(user)
    give_licence(user, premises, *days)


def give_approval(premises, *users, start: int = -100, last: int | None = None, **more) -> Approval:
    """Put an approval on file that names ``users`` for the whole of its time."""
    values = {"number": "示範核准 1", "channels": ["video"], "medical_partner": "示範醫院"} | more
    approval = Approval.objects.create(
        county=premises.town.county, period=period(start, last), **values
    )
    approval.premises.set([premises])
    for user in users:
        ApprovedPerson.objects.create(
            approval=approval, practitioner=user.practitioner, period=approval.period
        )
    return approval


def plan(user, **changes) -> Planned:
    """A planned video session of ``user`` at noon of DAY."""
    values = {
        "session_id": None,
        "case_id": None,
        "modality": "individual",
        "channel": "video",
        "start": NOON,
        "room_id": None,
        "counsellor_id": user.pk,
        "counsellor_kind": user.practitioner.kind,
    }
    return Planned(**(values | changes))


def give_training(*users) -> None:
    """Put a training in telecounselling on each one's file."""
    for user in users:
        TrainingEntry.objects.create(
            practitioner=user.practitioner,
            day=DAY - timedelta(days=300),
            category=TrainingEntry.Category.TELECOUNSELLING,
            title="通訊諮商訓練",
            hours=6,
            points=0,
            entered_by=user,
            entered_at=NOON,
        )


@pytest.fixture(autouse=True)
def english(settings):
    """Words are compared in English, whatever the catalogue says."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def on_the_day():
    """It is noon of DAY in Taipei."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def browse(browse):
    """Browsers of these tests read English."""

    def in_english(user):
        browser = browse(user)
        browser.cookies["language"] = "en"
        return browser

    return in_english


def loose(page: str) -> str:
    """A page without the elements that keep a date or a telephone number on one line."""
    return re.sub(r'</?time[^>]*>|<span class="nowrap">([^<]*)</span>', r"\1", page)


def words(response) -> str:
    """What a person reads of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", loose(response.content.decode())).split())


@pytest.fixture
def chief(admin, browse):
    """The administrator's browser."""
    return browse(admin)


@pytest.fixture
def files(clinic, premises, counsellor, supervisor, intern):
    """One of everything that a page about staff may show."""
    approval = give_approval(premises, counsellor, last=100)
    oversight = Oversight.objects.create(
        overseer=supervisor, overseen=intern, kind="clinical", period=period(-9, None)
    )
    return {
        "credential": give_licence(counsellor, premises).pk,
        "withdrawn": give_licence(counsellor, premises, 200, 300, withdrawn_at=NOON).pk,
        "approval": approval.pk,
        "person": approval.people.get().pk,
        "oversight": oversight.pk,
        "premises": premises.pk,
        "room": premises.rooms.get().pk,
    }
