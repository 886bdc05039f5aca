"""The page of a session tells whom to call, while it may be needed."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crisis.profiles.actions import Pick, save_profile
from sessions.booking.actions import cancel
from tests.crisis.profiles.conftest import everything


@pytest.fixture
def profile(home, contact, directory, counsellor, now):
    picks = everything()["picks"] | {
        "hospital": Pick(resource=directory["hospital"]),
        "police": Pick(name="文山派出所", number="0000-000-091"),
    }
    return save_profile(place=home, **everything(picks=picks), by=counsellor, now=now)


@pytest.fixture
def panel(browse, counsellor, session):
    """Read the panel: its words and the numbers that can be pressed; None where there is none."""
    browser = browse(counsellor)

    def read():
        page = browser.get(reverse("session", args=[session.pk])).content.decode()
        found = re.search(r'aria-labelledby="h-urgent".*?</section>', page, re.DOTALL)
        if found is None:
            return None
        said = html.unescape(" ".join(re.sub(r"<[^>]+>", " ", found[0]).split()))
        return said, re.findall(r'href="tel:([^"]+)"', found[0])

    return read


def test_contacts_come_first_then_numbers_of_the_place_and_the_way_to_all(panel, profile):
    said, calls = panel()
    assert calls == ["0000000021", "0000000091", "0200000101"]
    order = ["江立秋", "sister", "文山派出所", "文山醫院", "All numbers and steps"]
    assert [said.index(text) for text in order] == sorted(said.index(text) for text in order)
    assert "No crisis profile" not in said


def test_who_must_not_be_contacted_is_not_among_them(panel, profile, told):
    told(name="江大暑", phones="0000-000-066", do_not_contact=True)
    said, calls = panel()
    assert ("江立秋" in said, "江大暑" in said, "0000000066" in calls) == (True, False, False)


def test_without_a_profile_it_says_so_and_names_the_nearest(panel, contact, directory, home):
    said, calls = panel()
    assert "No crisis profile for this place" in said
    assert calls[:2] == ["0000000021", "0200000101"]


def test_without_anybody_to_call_it_says_so(panel):
    said, calls = panel()
    assert "No emergency contact who may be called." in said
    assert calls == []


def test_it_stands_there_only_while_it_may_be_needed(panel, session, profile, counsellor, now):
    before = panel()
    cancel(session=session, side="client", reason="示範", by=counsellor, now=now)
    assert (before is None, panel()) == (False, None)


def test_more_contacts_cost_no_more(panel, profile, told):
    with CaptureQueriesContext(connection) as few:
        panel()
    for number in range(5):
        told(name=f"contact {number}")
    with CaptureQueriesContext(connection) as many:
        panel()
    assert len(few) == len(many)
