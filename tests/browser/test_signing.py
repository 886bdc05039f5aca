"""What happens under her finger: nothing moves, and what she began before the script came counts."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.client_steps import draw, open_link, prove, sign
from tests.browser.conftest import PHONE
from tests.browser.steps import arrive
from tests.consent.conftest import BORN, STAGES, ready, request_sent
from tests.consent.phone import Phone
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names

__all__ = ["STAGES", "ready", "request_sent"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def held_back(page: Page, address: str) -> list[Route]:
    """Let requests wait from now on; the list holds them in their order."""
    waiting = []

    def wait(route: Route) -> None:
        waiting.append(route)

    page.route(address, wait)
    return waiting


def test_next_stays_where_it_is_when_an_answer_is_kept(window, request_sent):
    """The words about it need a line less then, and her finger may be on its way."""
    with window(PHONE) as page:
        open_link(page, Phone(request_sent).mailed)
        prove(page, str(BORN), r"/d/\d+/items/1/")
        kept = held_back(page, "**/items/1/")
        page.locator(".choice").first.click()
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight - innerHeight - 40)")
        following = page.locator(".dock .btn-primary")
        before = following.bounding_box()
        kept.pop().continue_()
        expect(page.locator("[data-saved]")).to_contain_text("已儲存")
        assert following.bounding_box() == before


def test_only_an_answer_that_was_kept_is_called_saved(window, request_sent):
    """Not one that the server refused, not a question, and not the answer before it."""
    item = "**/items/1/"
    with window(PHONE) as page:
        open_link(page, Phone(request_sent).mailed)
        prove(page, str(BORN), r"/d/\d+/items/1/")
        said = page.locator("[data-saved]")
        before = said.inner_text()
        choose(page, "agree")
        expect(said).to_contain_text("已儲存")
        page.route(item, lambda route: route.fulfill(status=503))
        choose(page, "later")
        expect(said).to_have_text(before)
        page.unroute(item)
        choose(page, "agree")
        expect(said).to_contain_text("已儲存")
        kept = held_back(page, item)
        choose(page, "later")
        expect(said).to_have_text("")
        choose(page, "ask")
        with page.expect_response(item):
            kept.pop().continue_()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        expect(said).to_have_text(before)


def choose(page: Page, answer: str) -> None:
    page.locator(".choice", has=page.locator(f"[value={answer}]")).click()


def test_the_way_back_to_the_pad_has_a_name_once_it_is_signed(window, ready):
    with window(PHONE) as page:
        open_link(page, Phone(ready).mailed)
        prove(page, str(BORN), r"/d/\d+/check/")
        page.locator("main a.btn-primary").click()
        opener = page.locator("[data-pad-open]")
        expect(opener).to_have_accessible_name(re.compile("^點這裡簽名"))
        draw(page)
        named = opener.locator("b").get_attribute("data-signed")
        expect(opener).to_have_accessible_name(re.compile(f"^{named}"))
        expect(opener).to_be_focused()
        opener.click()
        page.locator("[data-pad-clear]").click()
        page.locator("[data-pad-cancel]").click()
        expect(opener).to_have_accessible_name(re.compile(f"^{named}"))


def test_a_name_begun_before_the_script_came_is_not_hidden_by_it(window, ready):
    with window(PHONE) as page:
        script = held_back(page, "**/pad.js")
        open_link(page, Phone(ready).mailed)
        prove(page, str(BORN), r"/d/\d+/check/")
        page.locator("main a.btn-primary").click(no_wait_after=True)
        page.fill("#name", "江")
        expect(page.locator("[data-ways]")).to_be_hidden()
        script.pop().continue_()
        expect(page.locator("[data-ways]")).to_be_visible()
        expect(page.locator("#name")).to_have_value("江")
        assert page.locator("[name=method]:checked").input_value() == "typed"
        sign(page, drawn=False)
        arrive(page, r"/d/\d+/done/")


def test_what_was_drawn_is_seen_however_the_phone_is_turned(window, ready):
    """A stroke upright, one at the edge with the phone turned, and the pad opened once more."""
    turned = {"width": PHONE["height"], "height": PHONE["width"]}
    with window(PHONE) as page:
        open_link(page, Phone(ready).mailed)
        prove(page, str(BORN), r"/d/\d+/check/")
        page.locator("main a.btn-primary").click()
        page.locator("[data-pad-open]").click()
        stroke(page, 0.5, 0.9)
        page.set_viewport_size(turned)
        stroke(page, 0.02, 0.5)
        assert seen_strokes(page) == [True, True]
        page.set_viewport_size(PHONE)
        assert seen_strokes(page) == [True, True]
        page.locator("[data-pad-done]").click()
        page.locator("[data-pad-open]").click()
        assert seen_strokes(page) == [True, True]


def stroke(page: Page, across: float, down: float) -> None:
    """Draw a stroke that begins at these parts of the pad."""
    box = page.locator("[data-pad-area]").bounding_box()
    x, y = box["x"] + box["width"] * across, box["y"] + box["height"] * down
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(8):
        page.mouse.move(x + 10 * step, y + 10 * (-1) ** step)
    page.mouse.up()


def seen_strokes(page: Page) -> list[bool]:
    """Return of each stroke whether all of it lies on the pad, once a resize was drawn."""
    return page.evaluate("""async () => {
      for (let n = 0; n < 2; n += 1) await new Promise(requestAnimationFrame);
      return [...document.querySelectorAll('[data-pad-ink] path')].map((path) => {
        const [line, pad] = [path, path.ownerSVGElement].map((e) => e.getBoundingClientRect());
        return line.left >= pad.left && line.top >= pad.top
          && line.right <= pad.right && line.bottom <= pad.bottom;
      });
    }""")
