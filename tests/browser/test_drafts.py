"""What a client has typed and not sent yet: still there whatever page comes between, gone after."""

import pytest
from playwright.sync_api import Page, expect

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
TYPED = "線路不穩的時候，可以由我先停嗎？"
NEXT = "main .dock button.btn-primary"


def expect_draft(page: Page) -> None:
    expect(page.locator("[value=ask]")).to_be_checked()
    expect(page.locator("[name=text]")).to_have_value(TYPED)


def in_this_tab(page: Page) -> int:
    return page.evaluate("sessionStorage.length")


def test_a_question_outlives_the_other_language_easy_words_and_an_ended_cookie(
    window, request_sent
):
    with window(PHONE) as page:
        open_link(page, Phone(request_sent).mailed)
        prove(page, str(BORN), r"/d/\d+/items/1/")
        page.locator(".choice", has=page.locator("[value=ask]")).click()
        page.fill("[name=text]", TYPED)
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("button", name="繁體中文")).to_be_visible()
        expect_draft(page)
        page.get_by_role("link", name="Easy-read version").click()
        arrive(page, r"/d/\d+/items/1/\?easy=1")
        expect_draft(page)
        page.context.clear_cookies()
        page.locator(NEXT).click()
        expect(page.locator(NEXT)).to_have_count(0)  # the page that asks to open the link again
        open_link(page, Phone(request_sent).mailed)
        prove(page, str(BORN), r"/d/\d+/items/1/")
        expect_draft(page)
        page.locator(NEXT).click()
        arrive(page, r"/d/\d+/items/2/")
        assert (request_sent.questions.get().text, in_this_tab(page)) == (TYPED, 0)


def test_whoever_decides_otherwise_or_leaves_quickly_keeps_nothing(window, request_sent):
    with window(PHONE, reaches="https://www.cwa.gov.tw/") as page:
        page.context.route("https://www.cwa.gov.tw/**", lambda route: route.fulfill(body="fine"))
        open_link(page, Phone(request_sent).mailed)
        prove(page, str(BORN), r"/d/\d+/items/1/")
        item, kept = page.url, []
        for otherwise in ("[value=agree]", "[data-leave]"):
            page.locator(".choice", has=page.locator("[value=ask]")).click()
            page.fill("[name=text]", TYPED)
            kept.append(in_this_tab(page))
            page.locator(f".choice:has({otherwise}), a{otherwise}").click()
            kept.append(in_this_tab(page) if otherwise == "[value=agree]" else None)
        expect(page).to_have_url("https://www.cwa.gov.tw/")
        page.goto(item)
        assert [*kept, in_this_tab(page)] == [1, 0, 1, None, 0]
