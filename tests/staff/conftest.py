"""Licences, approvals and planned sessions, dated from one day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from clinic.kernel.readiness import Planned
from clinic.staff.models import Approval, ApprovedPerson, Credential

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
