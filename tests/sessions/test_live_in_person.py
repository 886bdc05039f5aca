"""In person the live page knows the clinic, and no line that could break."""

import pytest
import time_machine

from sessions.course.live import buttons
from sessions.models import CounsellingSession, SessionEvent
from sessions.places import places_of
from tests.sessions.conftest import CALL
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
Kind = SessionEvent.Kind
OF_A_LINE = ["When the line breaks", "Join the same call", "Line broken", "Open the video call"]


@pytest.fixture
def by(running, counsellor, read):
    """``by("in_person")`` reads the live page of the session in progress, held that way."""

    def page(channel):
        CounsellingSession.objects.filter(pk=running.pk).update(channel=channel)
        with time_machine.travel(running.during.lower, tick=False):
            return read(counsellor).get(f"/sessions/{running.pk}/live/")

    return page


def row(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def test_the_place_is_that_of_the_room(by, room):
    page = words(by("in_person"))
    assert room.premises.full_address in page
    assert f"In person, at the clinic: {room.premises.name}" in page
    assert "示範路 11 號" not in page


def test_there_is_no_line(by):
    far, here = by("video"), by("in_person")
    assert [text for text in OF_A_LINE if text in words(far)] == OF_A_LINE
    assert [text for text in OF_A_LINE if text in words(here)] == []
    assert [CALL in page.content.decode() for page in (far, here)] == [True, False]


def test_no_tap_of_a_line_is_offered(running):
    running.channel = "in_person"
    assert [button.kind for button in buttons(running)] == [
        *(Kind.BYSTANDER, Kind.PAUSED, Kind.CLIENT_ASKED_STOP, Kind.WE_ASKED_STOP)
    ]


def test_by_telephone_no_video_call_is_offered(by):
    assert CALL not in by("telephone").content.decode()


def test_the_page_of_the_session_says_so_too(session, counsellor, room, read):
    CounsellingSession.objects.filter(pk=session.pk).update(channel="in_person")
    page = words(read(counsellor).get(f"/sessions/{session.pk}/"))
    assert f"{room.premises.full_address} In person, at the clinic: {room.premises.name}" in page
    assert "示範路 11 號" not in page


def test_a_session_moved_back_to_video_asks_for_her_place_again(session, home_of):
    session.channel = "in_person"
    session.save(update_fields=["channel"])
    here = places_of([row(session)])[session.pk]
    session.channel = "video"
    session.save(update_fields=["channel"])
    there = places_of([row(session)])[session.pk]
    (person,) = session.people
    assert (here[person.pk].premises, there[person.pk]) == (session.room.premises, home_of(person))


@pytest.fixture
def home_of():
    return lambda person: person.places.get()
