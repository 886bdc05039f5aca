"""What walks on a session's note share: where it is typed, what the page says, what is kept."""

import pytest
from playwright.sync_api import Page, expect

from sessions.models import Note
from sessions.notes.actions import content
from tests.browser.test_axe import COUNSELLOR, enter

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


def course_of(session) -> str:
    return content(Note.objects.get(session=session))["course"]


def kept_in_time(page: Page, session, course: str) -> str:
    """Return what is kept of a note, as soon as it is ``course``, or after ten seconds."""
    for _wait in range(40):
        if course_of(session) == course:
            break
        page.wait_for_timeout(250)
    return course_of(session)


def keep_signed_out(page: Page, session, address: str, cookie: str, words: str) -> None:
    """Type ``words`` and press Keep after the login ended, then open the note, signed in again."""
    begin(page, address)
    page.context.clear_cookies(name=cookie)
    type_behind(page, words)
    said_lost(page)
    page.locator(KEEP).click()
    page.wait_for_url(f"**/sign-in/?next=/sessions/{session.pk}/note/")
    begin(page, f"/sessions/{session.pk}/note/")
