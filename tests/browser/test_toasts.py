"""A message that comes up under a finger does not take its press."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.steps import arrive

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
# A link where messages come up, and the region that the pages of staff have for them.
PLACE = """
() => {
  const link = document.body.appendChild(document.createElement('a'));
  Object.assign(link, { href: '/password/forgotten/', textContent: '忘記密碼', id: 'beneath' });
  Object.assign(link.style, { position: 'fixed', inset: 'auto 0 5.25rem', height: '4rem' });
  document.body.appendChild(document.createElement('div')).className = 'toasts';
}
"""
COME_UP = """
() => {
  const toast = document.querySelector('.toasts').appendChild(document.createElement('div'));
  Object.assign(toast, { className: 'toast', textContent: '已儲存。'.repeat(12) });
}
"""
AT = "([x, y]) => document.elementFromPoint(x, y).className"


def test_a_press_begun_before_it_arrives_where_it_was_meant_to(window, clinic):
    with window(PHONE) as page:
        page.goto("/sign-in/")
        page.evaluate(PLACE)
        box = page.locator("#beneath").bounding_box()
        spot = [box["x"] + box["width"] / 2, box["y"] + box["height"] - 12]
        page.mouse.move(*spot)
        page.mouse.down()
        page.evaluate(COME_UP)
        page.mouse.up()
        arrive(page, "/password/forgotten/")


def test_once_it_stands_it_is_pressed_itself(window, clinic):
    with window(PHONE) as page:
        page.goto("/sign-in/")
        page.evaluate(PLACE)
        box = page.locator("#beneath").bounding_box()
        page.evaluate(COME_UP)
        page.wait_for_timeout(900)
        spot = [box["x"] + box["width"] / 2, box["y"] + box["height"] - 12]
        assert page.evaluate(AT, spot) == "toast"
