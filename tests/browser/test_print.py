"""What paper shows: a masked number stays masked until its reader opened it."""

from datetime import date

import pytest
from playwright.sync_api import Page

from clinic.clients.actions import register_client
from tests.browser.conftest import DESK
from tests.browser.steps import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
NUMBER = "0000-000-031"


def printed(page: Page) -> str:
    """Return the words of the page as it is printed: only those that are drawn."""
    return page.locator("main").inner_text()


def test_a_masked_number_is_printed_only_once_it_was_shown(window, counsellor, clinic, now):
    values = {"name": "江小滿", "birth_date": date(1990, 5, 1), "sex": "female", "phone": NUMBER}
    person = register_client(values=values, by=counsellor, now=now)
    with window(DESK) as page:
        sign_in(page, counsellor)
        page.goto(f"/clients/{person.pk}/")
        page.emulate_media(media="print")
        assert NUMBER not in printed(page)
        page.emulate_media(media="screen")
        page.locator(".reveal summary").first.click()
        page.emulate_media(media="print")
        assert NUMBER in printed(page)
