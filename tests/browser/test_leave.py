"""「快速離開」 in a real browser: away at once, and no way back through the history."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client_steps import open_link, prove
from tests.browser.conftest import PHONE
from tests.consent.conftest import BORN, STAGES, request_sent
from tests.consent.phone import Phone
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names

__all__ = ["STAGES", "request_sent"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
WEATHER = "https://www.cwa.gov.tw/"
TYPED = "我想先問的事。"


def has_link_cookie(page: Page) -> bool:
    return any("link" in cookie["name"] for cookie in page.context.cookies())


def leave(page: Page) -> None:
    page.context.route(f"{WEATHER}**", lambda route: route.fulfill(body="fine"))
    page.locator("[data-leave]").click()
    expect(page).to_have_url(WEATHER)
    for _wait in range(20):  # the word to the server leaves beside the page
        if not has_link_cookie(page):
            return
        page.wait_for_timeout(100)


def test_after_leaving_quickly_the_history_shows_nothing_of_hers(window, request_sent):
    with window(PHONE, reaches=WEATHER) as page:
        open_link(page, Phone(request_sent).mailed)
        prove(page, str(BORN), r"/d/\d+/items/1/")
        item = page.url
        page.locator(".choice", has=page.locator("[value=ask]")).click()
        page.fill("[name=text]", TYPED)
        leave(page)
        left_with = page.context.cookies()
        page.go_back()
        seen = [(page.url == item, page.locator("main").inner_text())]
        page.goto(item)
        seen.append((True, page.locator("main").inner_text()))
    assert [cookie["name"] for cookie in left_with if "link" in cookie["name"]] == []
    assert [there for there, _text in seen] == [False, True]
    hidden = (TYPED, "江小滿", "guyu", request_sent.version.title("zh"))
    assert [word for _there, text in seen for word in hidden if word in text] == []
