"""A note while the line is broken: nothing urgent waits for it, and no word of it is lost."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions.course.actions import end
from tests.browser.conftest import DESK
from tests.browser.note_steps import (
    COURSE,
    DRAFT,
    KEEP,
    SAID,
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
from tests.browser.steps import arrive
from tests.browser.test_axe import demo
from tests.browser.test_signing import held_back

__all__ = ["demo", "live", "running"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
TYPED, LATER = "約定睡前不看訊息。", "他說可以。"
SENT = re.compile(r"/note/(draft/)?$")


def type_on(page: Page, text: str) -> str:
    """Type at the end, also while the next page is on its way; return what stands there then."""
    page.evaluate("document.querySelector('main [name=course]').focus()")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)
    return page.evaluate("document.querySelector('main [name=course]').value")


def type_without_a_line(page: Page, address: str) -> None:
    """Type words that cannot be kept: no draft reaches the server, a portal answers instead."""
    page.add_init_script("navigator.sendBeacon = () => false")
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


def leave(dialog) -> None:
    dialog.accept()


def line_again(page: Page) -> None:
    page.unroute(DRAFT)


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


# --- Keep the draft ------------------------------------------------------------------------------


def test_keep_the_draft_stays_and_says_so_while_nothing_can_be_kept(running, live, window):
    with window(DESK) as page:
        type_without_a_line(page, live)
        sent = []
        page.on("request", lambda request: sent.append(request.url.rpartition(live[:-5])[2]))
        with page.expect_response(DRAFT):
            page.locator(KEEP).click()
        said_lost(page)
        page.wait_for_timeout(300)
        before = {*sent}
        line_again(page)
        page.locator(KEEP).click()
        expect(page.locator("[name=revision]")).to_have_value("2")
        arrive(page, live)
    assert (before, course_of(running)) == ({"note/draft/"}, NOTE["course"] + TYPED)


def test_keep_the_draft_leads_to_signing_in_where_she_is_signed_out(
    running, live, window, settings
):
    """What she typed waits for her there, as after every time-out, and is kept as she goes on."""
    with window(DESK) as page:
        keep_signed_out(page, running, live, settings.SESSION_COOKIE_NAME, TYPED)
        expect(page.locator(COURSE)).to_have_value(NOTE["course"] + TYPED)
        type_behind(page, LATER)
        course = kept_in_time(page, running, NOTE["course"] + TYPED + LATER)
        page.reload()
        notices = page.locator("main .notice").count()
    assert (course, notices) == (NOTE["course"] + TYPED + LATER, 0)


def test_words_typed_while_keep_the_draft_is_under_way_are_kept(running, live, window):
    with window(DESK) as page:
        begin(page, live)
        type_behind(page, TYPED)
        held = held_back(page, SENT)
        with page.expect_request(SENT):
            page.locator(KEEP).click(no_wait_after=True)
        type_on(page, LATER)
        held.pop().continue_()
        page.unroute(SENT)
        course = kept_in_time(page, running, NOTE["course"] + TYPED + LATER)
        shown = page.locator(COURSE).input_value()
    assert (course, shown) == (NOTE["course"] + TYPED + LATER,) * 2


def test_while_the_signature_is_under_way_nothing_can_be_typed_that_it_would_lack(
    running, live, window
):
    end(session=running, by=running.counsellor, now=timezone.now())
    with window(DESK) as page:
        begin(page, f"/sessions/{running.pk}/note/")
        page.locator("[name=client]").fill(NOTE["client"])
        expect(page.locator("[name=revision]")).to_have_value("2")
        page.evaluate("addEventListener('submit', (event) => event.preventDefault())")  # for good
        page.locator("main form button.btn-primary").click()
        assert type_on(page, LATER) == NOTE["course"]


# --- Left, and back again ------------------------------------------------------------------------


def test_words_that_the_browser_brings_back_are_kept(running, live, window):
    with window(DESK) as page:
        type_without_a_line(page, live)
        asked = questions(page, leave)
        page.goto("/cases/")
        line_again(page)
        page.go_back()
        expect(page.locator(COURSE)).to_have_value(NOTE["course"] + TYPED)
        course = kept_in_time(page, running, NOTE["course"] + TYPED)
    assert (asked, course) == (["beforeunload"], NOTE["course"] + TYPED)


def test_they_take_nothing_away_from_what_was_written_elsewhere_meanwhile(running, live, window):
    with window(DESK) as page:
        type_without_a_line(page, live)
        questions(page, leave)
        page.goto("/cases/")
        line_again(page)
        newer = page.context.new_page()
        newer.goto(live)
        newer.locator(COURSE).fill(LATER)
        expect(newer.locator("[name=revision]")).to_have_value("2")
        page.go_back()
        expect(page.locator("[name=revision]")).to_have_value("3")
        course = course_of(running)
    assert (course.startswith(LATER), course.endswith(NOTE["course"] + TYPED)) == (True, True)


def test_what_was_kept_and_deleted_later_does_not_come_back_with_the_page(running, live, window):
    with window(DESK) as page:
        begin(page, live)
        type_behind(page, TYPED)
        expect(page.locator("[name=revision]")).to_have_value("2")
        page.goto("/cases/")
        page.goto(live)
        page.locator(COURSE).fill(NOTE["course"])
        expect(page.locator("[name=revision]")).to_have_value("3")
        page.go_back()
        page.go_back()
        expect(page.locator(COURSE)).to_have_value(NOTE["course"])
        type_behind(page, LATER)
        course = kept_in_time(page, running, NOTE["course"] + LATER)
    assert course == NOTE["course"] + LATER


def test_a_word_corrected_after_a_lost_answer_stands_once(running, live, window):
    with window(DESK) as page:
        begin(page, live)
        page.route(DRAFT, lambda route: (route.fetch(), route.fulfill(body="<p>Gone</p>")))
        type_behind(page, TYPED)
        said_lost(page)
        line_again(page)
        page.locator(COURSE).fill(LATER + TYPED)
        expect(page.locator(SAID)).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    assert course_of(running) == LATER + TYPED
