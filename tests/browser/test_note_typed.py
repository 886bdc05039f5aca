"""A note while it is typed: whichever window is left, and however, no word is lost unseen."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions.course.actions import end
from sessions.models import Note
from sessions.notes.actions import content
from tests.browser.conftest import DESK
from tests.browser.note_steps import COURSE, live, running, type_behind
from tests.browser.sessions_shown import NOTE
from tests.browser.steps import arrive
from tests.browser.test_axe import COUNSELLOR, demo, enter
from tests.browser.test_signing import held_back

__all__ = ["demo", "live", "running"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
NEWER, OLDER, LATER = "約定睡前不看訊息。", "下週帶作業。", "他說可以。"


def two_windows(newer: Page, address: str) -> Page:
    """Return the older of two windows; the newer has kept a draft since both were opened."""
    enter(newer.context, COUNSELLOR)
    older = newer.context.new_page()
    for page in (newer, older):
        page.goto(address)
    newer.locator(COURSE).fill(NEWER)
    expect(newer.locator("[name=revision]")).to_have_value("2")
    return older


def test_the_older_window_shows_both_and_is_typed_on_in(running, live, window):
    with window(DESK) as newer:
        older = two_windows(newer, live)
        type_behind(older, OLDER)
        said, note = older.locator("[data-saved]"), older.locator(COURSE)
        both = re.compile(rf"^{NEWER}\n\n— .+ —\n{NOTE['course']}{OLDER}$")
        expect(note).to_have_value(both)
        expect(said).not_to_have_class(re.compile("muted"))
        note.press_sequentially(LATER)  # the caret stands where it stood
        expect(older.locator("[name=revision]")).to_have_value("4")
        expect(said).to_have_class(re.compile("muted"))
    course = content(Note.objects.get(session=running))["course"]
    assert (course.startswith(NEWER), course.endswith(NOTE["course"] + OLDER + LATER)) == (
        True,
        True,
    )


def test_ending_the_session_in_the_older_window_keeps_both(running, live, window):
    with window(DESK) as newer:
        older = two_windows(newer, live)
        type_behind(older, OLDER)
        older.locator(f'form[action="/sessions/{running.pk}/end/"] button').click()
        older.locator("#end [data-yes]").click()
        arrive(older, f"/sessions/{running.pk}/note/")
        shown = older.locator(COURSE).input_value()
    assert (shown.startswith(NEWER), shown.endswith(OLDER)) == (True, True)


def test_the_older_window_is_closed_within_seconds_of_typing(live, window):
    with window(DESK) as newer:
        older = two_windows(newer, live)
        type_behind(older, OLDER)
        older.close(run_before_unload=True)
        for _wait in range(20):  # its last words are still on their way
            newer.reload()
            shown = newer.locator(COURSE).input_value()
            if OLDER in shown:
                break
    assert (shown.startswith(NEWER), shown.endswith(OLDER)) == (True, True)


def test_a_signature_under_way_waits_for_the_eyes(running, live, window):
    """The words of the other window come in while she presses: she reads them first."""
    end(session=running, by=running.counsellor, now=timezone.now())
    note = f"/sessions/{running.pk}/note/"
    with window(DESK) as newer:
        older = two_windows(newer, note)
        held = held_back(older, "**/draft/")
        with older.expect_request("**/draft/"):
            type_behind(older, OLDER)
        older.locator("main form button.btn-primary").click()
        held.pop().continue_()
        expect(older.locator(COURSE)).to_have_value(re.compile(f"^{NEWER}"))
        expect(older.locator("[name=revision]")).to_have_value("3")
        unsigned = Note.objects.get(session=running).is_signed
        older.locator("[name=client]").fill(NOTE["client"])
        older.locator("main form button.btn-primary").click()
        arrive(older, f"/sessions/{running.pk}/")
    assert (unsigned, Note.objects.get(session=running).is_signed) == (False, True)


def test_words_that_were_not_kept_are_not_left_without_a_question(live, window):
    """Signed meanwhile, or signed out: what the server keeps no more would not go with the page."""
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(live)
        page.route("**/draft/", lambda route: route.fulfill(body="<p>Sign in</p>"))
        type_behind(page, OLDER)
        expect(page.locator("[data-saved]")).to_have_text(
            page.locator("[data-lost]").get_attribute("data-lost")
        )
        with page.expect_event("dialog") as asked:
            page.once("dialog", lambda dialog: dialog.dismiss())
            page.close(run_before_unload=True)
        assert asked.value.type == "beforeunload"
        expect(page.locator(COURSE)).to_have_value(NOTE["course"] + OLDER)
        page.unroute("**/draft/")
        expect(page.locator("[name=revision]")).to_have_value("2")


def test_a_note_that_is_too_long_is_said_and_not_sent_until_it_is_shorter(live, window):
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(live)
        sent = []
        page.on("request", lambda request: sent.append(request.method))
        said, revision = page.locator("[data-saved]"), page.locator("[name=revision]")
        page.locator(COURSE).fill("字" * 300_000)
        expect(said).to_have_text(re.compile("最多 200,000 個字"))
        page.locator("[name=keep]").click()
        expect(page.locator(COURSE)).to_have_value(re.compile("^字{300000}$"))
        before = [*sent]
        page.locator(COURSE).fill(OLDER)
        expect(revision).to_have_value("2")
    assert (before, sent) == ([], ["POST"])


def test_a_tab_closed_while_a_draft_hangs_is_asked_about(running, live, window):
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(live)
        held = held_back(page, "**/draft/")
        with page.expect_request("**/draft/"):
            type_behind(page, OLDER)
        page.wait_for_timeout(4500)
        with page.expect_event("dialog") as asked:
            page.once("dialog", lambda dialog: dialog.dismiss())
            page.close(run_before_unload=True)
        held.pop().continue_()
        expect(page.locator("[name=revision]")).to_have_value("2")
    course = content(Note.objects.get(session=running))["course"]
    assert (asked.value.type, course) == ("beforeunload", NOTE["course"] + OLDER)
