"""The page of a session at a distance tells whom to call."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.clients.actions import close_case
from crisis.profiles.actions import Pick, save_profile
from sessions.booking.actions import cancel
from sessions.models import CounsellingSession
from tests.crisis.profiles.conftest import everything


@pytest.fixture
def known(home, contact, directory, counsellor, now):
    """``known(police=Pick(…))`` writes the profile of her home with these numbers more."""

    def save(**picks):
        values = everything(picks=everything()["picks"] | picks)
        return save_profile(place=home, **values, by=counsellor, now=now)

    return save


@pytest.fixture
def profile(known, directory):
    hospital = Pick(resource=directory["hospital"])
    return known(hospital=hospital, police=Pick(name="文山派出所", number="0000-000-091"))


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


NATIONAL = ["119", "110", "1925"]
NEAREST = ["0200000101", "0200000102"]


def test_contacts_come_first_then_numbers_of_the_place_and_the_way_to_all(panel, profile):
    said, calls = panel()
    assert calls == ["0000000021", "0000000091", "0200000101", *NATIONAL]
    order = ["江立秋", "sister", "文山派出所", "文山醫院", "All numbers and steps"]
    assert [said.index(text) for text in order] == sorted(said.index(text) for text in order)
    assert "No crisis profile" not in said


def test_what_may_be_said_to_contacts_stands_with_them(panel, home, contact, counsellor, now):
    values = everything()["values"] | {"contact_words": "只可以打給姊姊，不要打給哥哥。"}
    save_profile(place=home, **everything(values=values), by=counsellor, now=now)
    assert "只可以打給姊姊，不要打給哥哥。" in panel()[0]


def test_three_entries_of_the_place_stand_there(panel, known):
    kinds = ("fire", "police", "hospital", "suicide_prevention", "nearby_counselling")
    known(
        **{
            kind: Pick(name=kind, number=f"0000-000-08{number}")
            for number, kind in enumerate(kinds)
        }
    )
    _said, calls = panel()
    assert calls == ["0000000021", "0000000080", "0000000081", "0000000082", *NATIONAL]


def test_who_must_not_be_contacted_is_not_among_them(panel, profile, told):
    told(name="江大暑", phones="0000-000-066", do_not_contact=True)
    said, calls = panel()
    assert ("江立秋" in said, "江大暑" in said, "0000000066" in calls) == (True, False, False)


def test_without_a_profile_it_says_so_and_names_the_nearest(panel, contact, directory, home):
    said, calls = panel()
    assert "No crisis profile for this place" in said
    assert calls == ["0000000021", *NEAREST, *NATIONAL]


def test_a_profile_that_knows_no_number_is_a_profile(panel, known):
    known()
    said, calls = panel()
    assert ("No crisis profile" in said, calls[1:]) == (False, [*NEAREST, *NATIONAL])


def test_without_anybody_to_call_it_says_so(panel):
    said, calls = panel()
    assert "No emergency contact who may be called." in said
    assert calls == NATIONAL


def test_abroad_it_says_that_the_numbers_of_taiwan_do_not_reach(panel, profile, today):
    today(country="GB", region="London", street="1 Sample Road")
    said, calls = panel()
    assert "119, 110 and 1925 do not reach this place." in said
    assert calls == ["0000000021"]


def test_a_cancelled_session_has_none(panel, session, counsellor, now):
    before = panel()
    cancel(session=session, side="client", reason="示範", by=counsellor, now=now)
    assert (before is None, panel()) == (False, None)


@pytest.mark.parametrize(
    ("values", "there"),
    [
        ({"state": "booked"}, True),
        ({"state": "started"}, True),
        ({"state": "not_attended"}, False),
        ({"channel": "in_person"}, False),
        ({"during": ("2026-01-05T10:00+08:00", "2026-01-05T10:50+08:00")}, False),
    ],
)
def test_it_stands_there_while_the_client_is_or_may_soon_be_elsewhere(
    panel, session, values, there, now
):
    if values.get("state") == "started":
        values = values | {"started_at": now}
    CounsellingSession.objects.filter(pk=session.pk).update(**values)
    assert (panel() is not None) == there


def test_a_closed_case_has_none(panel, case, counsellor, now):
    close_case(case=case, reason="示範", by=counsellor, now=now)
    assert panel() is None


def test_more_contacts_cost_no_more(panel, profile, told):
    with CaptureQueriesContext(connection) as few:
        panel()
    for number in range(5):
        told(name=f"contact {number}")
    with CaptureQueriesContext(connection) as many:
        panel()
    assert len(few) == len(many)
