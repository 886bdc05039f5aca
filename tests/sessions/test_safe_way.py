"""Whose safe way is not the telephone: every page that leads to a call says so beforehand."""

import pytest

from clinic.clients.actions import change_client
from sessions.models import CounsellingSession
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
NUMBER = "0000-000-011"
SMS = "Safe way: text message."


def safe_way(person, counsellor, now, channel="sms") -> None:
    values = {"safe_channel": channel, "email": "chuwu@client.example"}
    change_client(person=person, values=values, by=counsellor, now=now)


@pytest.fixture
def silent(ready, counsellor, now) -> CounsellingSession:
    """A session by telephone of a client who expects no call."""
    safe_way(ready.people[0], counsellor, now)
    CounsellingSession.objects.filter(pk=ready.pk).update(channel="telephone", call_link="")
    return ready


CAUTION = (
    "The safe way of 江小滿 is not the telephone",
    f"{SMS} Please book it by telephone only where you agreed on that with the client.",
)


@pytest.mark.parametrize(
    ("channel", "safe", "cautions"),
    [
        ("telephone", "sms", (CAUTION,)),
        ("telephone", "phone", ()),
        ("telephone", "", ()),
        ("video", "sms", ()),
    ],
)
def test_the_look_before_a_booking_warns_and_stops_nothing(
    channel, safe, cautions, ready, counsellor, form, mine, now
):
    safe_way(ready.people[0], counsellor, now, safe)
    link = form["call_link"] if channel == "video" else ""
    sent = form | {"channel": channel, "call_link": link, "time": "14:00", "look": "1"}
    for address in (f"/cases/{ready.case_id}/sessions/new/", f"/sessions/{ready.pk}/move/"):
        page = mine.post(address, sent)
        preview = page.context["preview"]
        assert (preview.cautions, preview.free) == (cautions, True)
        assert (CAUTION[0] in words(page)) is bool(cautions)


@pytest.mark.parametrize("page", ["", "door/"])
def test_session_and_door_say_it_before_the_number(page, silent, mine):
    said = words(mine.get(f"/sessions/{silent.pk}/{page}"))
    assert (SMS in said, NUMBER in said) == (True, True)
    assert said.index(SMS) < said.index(NUMBER)
