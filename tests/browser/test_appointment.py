"""A client's way to the call, on a phone: from the mailed link past the birth date, in both themes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.people.birth_proof import MOST_TRIES
from sessions.appointments import appointment
from sessions.booking.actions import cancel
from sessions.client.links import link_for
from sessions.models import CounsellingSession
from tests.browser.conftest import PHONE
from tests.browser.sight import problems
from tests.sessions.conftest import BORN, CALL, STAGES, case, in_force, room
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names

__all__ = ["STAGES", "case", "in_force", "room"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


@pytest.fixture
def soon(case, room, counsellor, now) -> CounsellingSession:
    """A video session that begins in ten minutes, whatever the hour."""
    made = CounsellingSession.objects.create(
        case=case,
        counsellor=counsellor,
        room=room,
        channel="video",
        call_link=CALL,
        during=(now + timedelta(minutes=10), now + timedelta(minutes=60)),
        booked_by=counsellor,
        booked_at=now,
    )
    return CounsellingSession.objects.with_people().get(pk=made.pk)


def mailed(session: CounsellingSession) -> str:
    (person,) = session.people
    return f"/l/{link_for(appointment(session, person), timezone.now()).token}/"


def test_the_way_to_the_call_is_sound(site, soon, window):
    found = {}
    with window(PHONE, axe=True) as page:
        page.goto(mailed(soon))
        found["link"] = problems(page)
        page.locator("main form button").click()
        page.locator("[name=birth_date]").wait_for()
        found["before"] = problems(page)
        page.fill("[name=birth_date]", "1980-01-01")
        page.locator("main form button").click()
        expect(page.locator("#birth_error")).to_be_focused()
        expect(page.locator("#birth_error")).to_be_in_viewport()
        found["wrong"] = problems(page)
        page.fill("[name=birth_date]", str(BORN))
        page.locator("main form button").click()
        page.get_by_role("link", name="Join the call").or_(page.locator("#call ~ p a")).wait_for()
        called = page.locator("#call ~ p a").get_attribute("href")
        found["open"] = problems(page)
    assert (found, called) == ({"link": [], "before": [], "wrong": [], "open": []}, CALL)


def test_its_other_ends_are_sound(site, soon, counsellor, window):
    found = {}
    with window(PHONE, axe=True) as page:
        page.goto(mailed(soon))
        page.locator("main form button").click()
        for _n in range(MOST_TRIES):
            page.fill("[name=birth_date]", "1980-01-01")
            page.locator("main form button").click()
        expect(page.locator("#call ~ p")).to_be_focused()
        found["locked"] = problems(page)
        cancel(session=soon, side="clinic", reason="示範", by=counsellor, now=timezone.now())
        page.reload()
        page.locator("#again").wait_for()
        found["cancelled"] = problems(page)
    assert found == {"locked": [], "cancelled": []}
