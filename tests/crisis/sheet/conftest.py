"""A video session of tomorrow, with a profile for the client's home."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from clinic.organisation.models import Room
from crisis.models import CrisisProfile
from crisis.profiles.actions import Pick, save_profile
from sessions.models import CounsellingSession, SessionPlace
from tests.crisis.profiles.conftest import STAGES as OF_PROFILES
from tests.crisis.profiles.conftest import (
    browse,
    case,
    contact,
    directory,
    english,
    everything,
    home,
    office,
    person,
    told,
)
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.stages import Stages

__all__ = ["browse", "case", "contact", "directory", "english", "home", "office", "person", "told"]

STAGES = Stages(__file__)
STAGES.builders |= OF_PROFILES.builders


@pytest.fixture
def session(case, counsellor, premises, now) -> CounsellingSession:
    start = now + timedelta(days=1)
    return CounsellingSession.objects.create(
        case=case,
        counsellor=counsellor,
        room=Room.objects.get(),
        channel="video",
        during=DateTimeTZRange(start, start + timedelta(minutes=50)),
        booked_by=counsellor,
        booked_at=now,
    )


@pytest.fixture
def today(session, person, now):
    """``today(town_id=…)`` is told as the client's place of the day; the newest counts."""
    count = iter(range(100))

    def told_now(**values):
        base = {"session": session, "person": person, "how": "booking", "by": "user:1"}
        at = now + timedelta(seconds=next(count))
        return SessionPlace.objects.create(**base | {"at": at} | values)

    return told_now


@pytest.fixture
def profile(home, contact, directory, counsellor, now) -> CrisisProfile:
    picks = everything()["picks"] | {
        "hospital": Pick(resource=directory["hospital"]),
        "police": Pick(name="文山派出所", number="0000-000-091"),
    }
    return save_profile(place=home, **everything(picks=picks), by=counsellor, now=now)
