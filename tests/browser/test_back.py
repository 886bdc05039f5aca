"""The browser's Back, after a form that once had something wrong: the page, no question of the browser."""

import pytest

from tests.browser.client_steps import open_link, prove
from tests.browser.conftest import PHONE
from tests.browser.steps import arrive
from tests.consent.conftest import BORN, STAGES, request_sent
from tests.consent.phone import Phone
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names

__all__ = ["STAGES", "request_sent"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_back_to_an_item_that_was_sent_without_an_answer(window, request_sent):
    with window(PHONE) as page:
        open_link(page, Phone(request_sent).mailed)
        prove(page, str(BORN), r"/d/\d+/items/1/")
        item, following = page.url, page.locator(".dock .btn-primary")
        following.click()
        page.locator("main [role=alert]").first.wait_for()
        page.locator(".choice").first.click()
        following.click()
        arrive(page, r"/d/\d+/items/2/")
        page.go_back()
        assert (page.url, page.locator("main h1").count()) == (item, 1)
