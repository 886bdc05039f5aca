"""Where the focus stands after a press: at its answer, in sight, so that it is read aloud."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.sessions_shown import a_session
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


def test_a_tap_on_an_event_is_said_and_keeps_its_place(demo, window):
    with window(PHONE) as page:
        enter(page.context, COUNSELLOR)
        page.goto(f"/sessions/{demo.rows['session'].pk}/live/")
        page.locator("button[value=paused]").press("Enter")
        expect(page.locator(".log li")).to_have_count(3)
        expect(page.locator(".toast")).to_be_visible()
        expect_focus(page, "button[value=paused]")
        page.locator(".log button").first.press("Enter")
        expect(page.locator(".log li")).to_have_count(2)
        expect(page.locator(".toast")).to_be_visible()
        expect_focus(page, "#h-log")


def test_a_refused_start_is_read_at_once(demo, window):
    waits = a_session(demo.rows["client"], timezone.now(), 5)
    with window(PHONE) as page:
        enter(page.context, COUNSELLOR)
        page.goto(f"/sessions/{waits.pk}/")
        page.locator('form[action$="/start/"] button').press("Enter")
        expect_focus(page, "#main > [role=alert]")


def test_a_menu_that_the_keyboard_has_left_covers_nothing(demo, window):
    with window(PHONE) as page:
        enter(page.context, COUNSELLOR)
        page.goto("/")
        menu = page.locator(".me[open]")
        page.locator(".me > summary").press("Enter")
        page.keyboard.press("Tab")
        expect(menu).to_have_count(1)
        expect(menu.locator(":focus")).to_have_count(1)
        page.locator("main a").first.focus()
        expect(menu).to_have_count(0)


def test_a_message_that_is_closed_gives_the_focus_back(demo, window):
    with window(PHONE) as page:
        enter(page.context, COUNSELLOR)
        page.goto(f"/sessions/{demo.rows['session'].pk}/live/")
        for came_from, stands_at in (("#note", "#note"), ("body", "#main")):
            page.locator("button[value=paused]").click()
            close = page.locator(".toast [data-dismiss]")
            expect(close).to_be_visible()
            page.locator(came_from).evaluate("from => from.focus()")
            page.evaluate(
                "document.activeElement.matches('#note') || document.activeElement.blur()"
            )
            close.press("Enter")
            expect(page.locator(".toast")).to_have_count(0)
            expect(page.locator(stands_at)).to_be_focused()
