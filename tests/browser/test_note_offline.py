"""A note while the line is broken: nothing urgent waits for it, and no word of it is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sessions.models import Note
from sessions.notes.actions import content
from tests.browser.conftest import DESK
from tests.browser.sessions_shown import NOTE
from tests.browser.steps import arrive
from tests.browser.test_axe import COUNSELLOR, demo, enter

__all__ = ["demo"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
TYPED, LATER = "約定睡前不看訊息。", "他說可以。"
COURSE, SAID, KEEP = "main [name=course]", "[data-saved]", "main [name=keep]"
DRAFT = "**/draft/"


@pytest.fixture
def running(demo):
    return demo.rows["session"]


@pytest.fixture
def live(running) -> str:
    return f"/sessions/{running.pk}/live/"


def type_behind(page: Page, text: str) -> None:
    page.locator(COURSE).press("Control+End")
    page.locator(COURSE).press_sequentially(text)


def begin(page: Page, address: str) -> None:
    enter(page.context, COUNSELLOR)
    page.goto(address)


def said_lost(page: Page) -> None:
    """The last try kept nothing, and the page says so."""
    lost = page.locator("[data-lost]").get_attribute("data-lost")
    expect(page.locator(SAID)).to_have_text(lost)


def type_without_a_line(page: Page, address: str) -> None:
    """Type words that cannot be kept: no draft reaches the server, a portal answers instead."""
    begin(page, address)
    page.route(DRAFT, lambda route: route.fulfill(body="<p>Welcome to our Wi-Fi</p>"))
    type_behind(page, TYPED)
    said_lost(page)


def questions(page: Page, answer: Callable[[object], None]) -> list[str]:
    """Answer each dialog of the browser; return their kinds as they come."""
    asked: list[str] = []

    def take(dialog) -> None:
        asked.append(dialog.type)
        answer(dialog)

    page.on("dialog", take)
    return asked


def stay(dialog) -> None:
    dialog.dismiss()


def line_again(page: Page) -> None:
    page.unroute(DRAFT)


def course_of(session) -> str:
    return content(Note.objects.get(session=session))["course"]


# --- What never waits ----------------------------------------------------------------------------


def test_the_crisis_page_opens_without_a_question_and_the_words_stay(running, live, window):
    with window(DESK) as page:
        type_without_a_line(page, live)
        asked = questions(page, stay)
        with page.context.expect_page() as opened:
            page.locator(f'header a[href="/sessions/{running.pk}/crisis/"]').click()
        arrive(opened.value, f"/sessions/{running.pk}/crisis/")
        opened.value.close()
        line_again(page)
        expect(page.locator("[name=revision]")).to_have_value("2")
    assert (asked, course_of(running)) == ([], NOTE["course"] + TYPED)


def test_the_crisis_page_opens_in_its_own_window_when_all_is_kept(running, live, window):
    with window(DESK) as page:
        type_without_a_line(page, live)
        line_again(page)
        expect(page.locator("[name=revision]")).to_have_value("2")
        page.locator(f'header a[href="/sessions/{running.pk}/crisis/"]').click()
        arrive(page, f"/sessions/{running.pk}/crisis/")


def test_a_number_is_rung_without_a_question(live, window):
    with window(DESK, reaches="tel:") as page:
        type_without_a_line(page, live)
        asked = questions(page, stay)
        page.locator('main a[href^="tel:"]').first.click()
        page.wait_for_timeout(300)  # a question would be there by now
        expect(page.locator(COURSE)).to_have_value(NOTE["course"] + TYPED)
        line_again(page)
        expect(page.locator("[name=revision]")).to_have_value("2")
    assert asked == []


def test_whoever_stays_after_the_question_can_tap_again_and_her_words_are_kept(
    running, live, window
):
    tap = "button[name=kind][value=disconnected]"
    with window(DESK) as page:
        type_without_a_line(page, live)
        asked = questions(page, stay)
        page.locator(tap).click()
        page.wait_for_timeout(300)  # the question is asked and answered by now
        before = ([*asked], page.locator(tap).is_enabled())
        line_again(page)
        expect(page.locator("[name=revision]")).to_have_value("2")
        page.locator(tap).click()
        expect(page.locator(".log li")).to_have_count(3)
    assert (before, course_of(running)) == ((["beforeunload"], True), NOTE["course"] + TYPED)
