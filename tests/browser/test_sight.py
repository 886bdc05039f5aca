"""The look at a page sees what it is for, each theme by itself."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.sight import problems

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

PAGE = """
<!doctype html><html lang="en"><title>One page</title><style>
  body { margin: 0 }
  p { color: #000; background: #fff }
  .pale { color: rgba(0, 0, 0, 0.3) }
  @media (prefers-color-scheme: dark) {
    .pale { color: #000 }
    .dim, .dim * { color: #222; background: #000 }
  }
</style><main><h1>One page</h1>
<p class="good">read well</p><p class="pale">pale by day</p><p class="dim">dim by night</p>
<p class="wide" style="width: 600px">wide</p><p style="width: 1em">江小滿</p><img src="data:,"></main></html>
"""


def test_what_is_wrong_is_found_and_nothing_else(window):
    with window(PHONE, axe=True) as page:
        page.goto("about:blank")
        page.set_content(PAGE)
        assert problems(page) == [
            "light: color-contrast: .pale",
            "light: image-alt: img",
            "dark: color-contrast: .dim",
            "600 px wide: p.wide",
            "squeezed: 江小滿",
        ]
