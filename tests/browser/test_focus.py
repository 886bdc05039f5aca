"""Where the focus stands after a press: at its answer, in sight, so that it is read aloud."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.browser.test_axe import COUNSELLOR, demo, enter

__all__ = ["demo"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def expect_focus(page: Page, selector: str) -> None:
    expect(page.locator(selector)).to_be_focused()
    expect(page.locator(selector)).to_be_in_viewport()


def test_what_looking_at_a_booking_found_is_read_at_once(demo, window):
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(f"/cases/{demo.rows['case'].pk}/sessions/new/")
        page.fill("[name=day]", str(timezone.localdate() + timedelta(days=400)))
        page.fill("[name=time]", "10:00")
        page.fill("[name=call_link]", "https://video.clinic.example/room")
        page.select_option("[name=room]", index=1)
        page.locator("main form button[name=look]").press("Enter")
        expect_focus(page, "#preview")
