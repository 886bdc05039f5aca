"""From Today to a signed note: opening check in eight taps, a tab that is closed, an amendment."""

import re
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from clinic.accounts.models import User
from sessions.models import CounsellingSession, Note
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_journey import arrive
from tests.browser.test_paper import sign_in
from tests.sessions.conftest import case, in_force, ready, room, session

__all__ = ["case", "in_force", "ready", "room", "session"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
MOST_TAPS = 8
FIRST, SECOND, THIRD = "談工作交接的壓力。", "約定睡前不看訊息。", "下週同一時間。"


def go_through_the_door(page: Page) -> int:
    """Tick whatever is not ticked yet and keep it; return the taps that it took."""
    taps = 0
    groups = page.locator(".door-field")
    for number in range(groups.count()):
        group = groups.nth(number)
        if group.locator("input:checked").count() == 0:
            group.locator("label").first.click()
            taps += 1
    page.locator("main form button.btn-primary").click()
    return taps + 1


def begin(page: Page, booked: CounsellingSession) -> None:
    """From Today by its one next step through the door into the session."""
    at = f"/sessions/{booked.pk}/"
    expect(page.locator(".slot.next .ticks i[data-state=fix]").first).to_be_visible()
    page.locator(f'.slot.next a[href="{at}door/"]').click()
    arrive(page, f"{at}door/")
    taps = go_through_the_door(page)
    arrive(page, at)
    expect(page.locator(".gate")).to_have_attribute("data-state", "go")
    page.locator(".gate button").click()
    arrive(page, f"{at}live/")
    assert taps + 1 <= MOST_TAPS


def write_and_tap(page: Page) -> None:
    """An event tapped in the middle of a word: the word stays in the page, and writing goes on."""
    page.locator("#note").press_sequentially(FIRST)
    page.locator("button[name=kind][value=disconnected]").click()
    expect(page.locator(".log li")).to_have_count(2)
    expect(page.locator("#note")).to_have_value(FIRST)
    page.locator("#note").fill(FIRST + SECOND)
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    kept = page.locator("[name=revision]")
    expect(kept).to_have_value("2")


def close_and_open_again(context: BrowserContext, page: Page) -> Page:
    """Close the tab with words that no script has kept yet."""
    page.locator("#note").fill(FIRST + SECOND + THIRD)
    address = page.url
    page.close(run_before_unload=True)
    again = context.new_page()
    again.goto(address)
    if THIRD not in again.locator("#note").input_value():  # its tab was still sending
        again.reload()
    expect(again.locator("#note")).to_have_value(FIRST + SECOND + THIRD)
    return again


def end_and_sign(page: Page, booked: CounsellingSession) -> None:
    at = f"/sessions/{booked.pk}/"
    page.locator(f'form[action="{at}end/"] button').click()
    page.locator("#end [data-yes]").click()
    arrive(page, f"{at}note/")
    expect(page.locator("[name=course]")).to_have_value(FIRST + SECOND + THIRD)
    page.locator("[name=client]").fill("穩定，沒有新的危險。")
    page.locator("main form button.btn-primary").click()
    arrive(page, at)


def amend(page: Page, booked: CounsellingSession) -> None:
    note = f"/sessions/{booked.pk}/note/"
    page.goto(note)
    expect(page.locator("main textarea")).to_have_count(0)
    page.locator(f'a[href="{note}amend/"]').click()
    arrive(page, f"{note}amend/")
    page.locator("[name=text]").fill("日期應是星期三。")
    page.locator("main form button.btn-primary").click()
    arrive(page, note)
    expect(page.locator("main")).to_contain_text("日期應是星期三。")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_from_today_to_a_signed_and_amended_note(
    viewport, window, ready: CounsellingSession, counsellor: User
):
    with time_machine.travel(ready.during.lower - timedelta(minutes=5)), window(viewport) as page:
        sign_in(page, counsellor)
        begin(page, ready)
        write_and_tap(page)
        again = close_and_open_again(page.context, page)
        end_and_sign(again, ready)
        amend(again, ready)
    note = Note.objects.get()
    assert (note.is_signed, note.amendments.count(), note.session.state) == (True, 1, "ended")
    assert FIRST + SECOND + THIRD in note.text
