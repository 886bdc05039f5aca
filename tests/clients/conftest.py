"""Clients and cases as the tests of these pages need them; words are compared in English."""

import pytest
from django.utils import translation

from clinic.cases.models import Case
from clinic.clients import actions
from clinic.people.models import Person
from clinic.staff.models import Approval
from tests.conftest import sign_in
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.stages import Stages

STAGES = Stages(__file__)

LEAST = {"name": "江小滿", "sex": "female", "birth_date": "1992-05-20"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def browse(settings):
    """``browse(user)`` is a signed-in, verified browser that reads English."""

    def signed_in(user, **kwargs):
        browser = sign_in(user, **kwargs)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return browser

    return signed_in


@STAGES.fixture
def person(counsellor, town, now) -> Person:
    return actions.register_client(
        values=LEAST | {"phone": "0000-000-011", "email": "xiaoman@client.example"},
        by=counsellor,
        now=now,
    )


@pytest.fixture
def case(person, counsellor, now) -> Case:
    return actions.open_case(person=person, by=counsellor, now=now)


@pytest.fixture
def contact(person, counsellor, now):
    values = {"name": "江立秋", "relation": "sister", "phones": "0000-000-021"}
    return actions.add_contact(person=person, values=values, by=counsellor, now=now)


@pytest.fixture
def approval(town, now, days) -> Approval:
    """An approval in force with a minimum age of 18."""
    return Approval.objects.create(
        county=town.county,
        number="示範核字第 0001 號",
        channels=["video", "telephone"],
        medical_partner="示範醫院",
        period=((now - days(100)).date(), (now + days(200)).date()),
    )
