"""A note whose page was left before an answer, or whose answer hangs, or that waits to be thrown away."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK
from tests.browser.note_steps import (
    COURSE,
    DRAFT,
    KEEP,
    begin,
    course_of,
    keep_signed_out,
    kept_in_time,
    live,
    running,
    said_lost,
    type_behind,
)
from tests.browser.sessions_shown import NOTE
from tests.browser.test_axe import demo
from tests.browser.test_signing import held_back

__all__ = ["demo", "live", "running"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
TYPED = "約定睡前不看訊息。"


def test_what_went_with_the_page_and_was_deleted_later_does_not_come_back(running, live, window):
    """The browser brings back words of which it never heard that they were kept."""
    with window(DESK) as page:
        begin(page, live)
        type_behind(page, TYPED)
        page.goto("/cases/")
        before = kept_in_time(page, running, NOTE["course"] + TYPED)
        page.goto(live)
        page.locator(COURSE).fill(NOTE["course"])
        expect(page.locator("[name=revision]")).to_have_value("3")
        page.go_back()
        page.go_back()
        expect(page.locator(COURSE)).to_have_value(NOTE["course"])
        page.wait_for_timeout(3500)  # a draft would be on its way by now
    assert (before, course_of(running)) == (NOTE["course"] + TYPED, NOTE["course"])


def test_keep_the_draft_on_a_hanging_line_does_not_say_that_it_is_kept(live, window):
    with window(DESK) as page:
        begin(page, live)
        type_behind(page, TYPED)
        expect(page.locator("[name=revision]")).to_have_value("2")
        type_behind(page, TYPED)
        held = held_back(page, DRAFT)
        with page.expect_request(DRAFT):
            page.locator(KEEP).click()
        said_lost(page)
        held.pop().continue_()


def test_what_waits_is_thrown_away_also_while_a_draft_is_on_its_way(
    running, live, window, settings
):
    with window(DESK) as page:
        keep_signed_out(page, running, live, settings.SESSION_COOKIE_NAME, TYPED)
        held = held_back(page, DRAFT)
        with page.expect_request(DRAFT):
            type_behind(page, "！")
        page.locator("[form=start-empty]").click(no_wait_after=True)
        expect(page.locator("[form=start-empty]")).to_have_count(0)
        shown = page.locator(COURSE).input_value()
        for route in held:
            route.abort()
    assert (shown, course_of(running)) == (NOTE["course"], NOTE["course"])
