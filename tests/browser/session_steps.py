"""The psychologist's way through a session: Today, opening check, live page, note, amendment."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import arrive

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


def begin(page: Page, session: str) -> None:
    """From Today by its one next step through the door into the session, in few taps."""
    expect(page.locator(".slot.next .ticks i[data-state=fix]").first).to_be_visible()
    page.locator(f'.slot.next a[href="{session}door/"]').click()
    arrive(page, f"{session}door/")
    taps = go_through_the_door(page)
    arrive(page, session)
    expect(page.locator(".gate")).to_have_attribute("data-state", "go")
    page.locator(".gate button").click()
    arrive(page, f"{session}live/")
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


def close_and_open_again(page: Page) -> Page:
    """Close the tab with words that no script has kept yet."""
    page.locator("#note").fill(FIRST + SECOND + THIRD)
    live, context = page.url, page.context
    page.close(run_before_unload=True)
    again = context.new_page()
    again.goto(live)
    if THIRD not in again.locator("#note").input_value():  # its tab was still sending
        again.reload()
    expect(again.locator("#note")).to_have_value(FIRST + SECOND + THIRD)
    return again


def end_and_sign(page: Page, session: str) -> None:
    page.locator(f'form[action="{session}end/"] button').click()
    page.locator("#end [data-yes]").click()
    arrive(page, f"{session}note/")
    expect(page.locator("[name=course]")).to_have_value(FIRST + SECOND + THIRD)
    page.locator("[name=client]").fill("穩定，沒有新的危險。")
    page.locator("main form button.btn-primary").click()
    arrive(page, session)


def amend(page: Page, session: str) -> None:
    note = f"{session}note/"
    page.goto(note)
    expect(page.locator("main textarea")).to_have_count(0)
    page.locator(f'a[href="{note}amend/"]').click()
    arrive(page, f"{note}amend/")
    page.locator("[name=text]").fill("日期應是星期三。")
    page.locator("main form button.btn-primary").click()
    arrive(page, note)
    expect(page.locator("main")).to_contain_text("日期應是星期三。")
