"""A phone with the largest text, or with words longer than Chinese ones, in the hardest places."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.sessions_shown import a_session
from tests.browser.sight import TOO_WIDE
from tests.browser.test_axe import COUNSELLOR, demo, enter

__all__ = ["demo"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def in_large_text(page: Page) -> None:
    page.add_init_script("localStorage.setItem('text', 'xl')")


def test_while_a_session_runs_the_frame_keeps_to_the_phone(demo, window):
    """Two crisis buttons, of the one that runs and of the one looked at, and her own menu."""
    waits = a_session(demo.rows["client"], timezone.now(), 5)
    with window(PHONE) as page:
        enter(page.context, COUNSELLOR)
        in_large_text(page)
        page.goto(f"/sessions/{waits.pk}/")
        expect(page.locator(".frame .btn-alarm:visible")).to_have_count(2)
        assert page.evaluate(TOO_WIDE) == []
        page.locator(".me > summary").click()
        expect(page.locator(".me .menu")).to_be_in_viewport(ratio=0.9)
