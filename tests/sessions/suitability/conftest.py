"""A case of the counsellor, one of the intern whom the supervisor oversees, and a booked session."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import translation

from clinic.clients.actions import open_case, register_client
from clinic.staff.models import Approval, Oversight
from sessions.models import CounsellingSession
from tests.conftest import sign_in
from tests.house import license_ever
from tests.sessions.assessing import assess
from tests.stages import Stages

STAGES = Stages(__file__)


@pytest.fixture(autouse=True)
def english():
    """Words are compared in English, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def browse():
    """``browse(user)`` is a signed-in browser that reads English."""

    def signed_in(user):
        user.language = "en"
        user.save(update_fields=["language"])
        return sign_in(user)

    return signed_in


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


def case_of(user, now):
    values = {"name": "江小滿", "sex": "female", "birth_date": date(1992, 5, 20)}
    person = register_client(values=values, by=user, now=now)
    return open_case(person=person, by=user, now=now)


@STAGES.fixture
def case(approval, counsellor, now):
    return case_of(counsellor, now)


@pytest.fixture
def intern_case(approval, premises, intern, supervisor, now):
    """A case of the intern, overseen from yesterday to tomorrow by a licensed psychologist."""
    license_ever(supervisor, premises)
    today = now.date()
    span = DateRange(today - timedelta(days=2), today + timedelta(days=3))
    Oversight.objects.create(overseer=supervisor, overseen=intern, kind="clinical", period=span)
    return case_of(intern, now)


@pytest.fixture
def book(premises, now):
    """``book(case, days, channel)`` is a session so many days from now, for an hour."""

    def make(case, days=1, channel="video", **values):
        start = now + timedelta(days=days)
        return CounsellingSession.objects.create(
            case=case,
            counsellor=case.counsellor,
            room=premises.rooms.get(),
            channel=channel,
            during=DateTimeTZRange(start, start + timedelta(hours=1)),
            booked_by=case.counsellor,
            booked_at=now,
            **values,
        )

    return make


@pytest.fixture
def address(case):
    return f"/cases/{case.pk}/suitability/"


@pytest.fixture
def browser(counsellor, browse):
    return browse(counsellor)


@STAGES.fixture
def full(case, now):
    return assess(case, now - timedelta(days=7), notes={"C2.2": "第一行\n第二行"})
