"""In the few colours of Windows' high contrast, what is chosen is still told from what is not."""

import pytest

from tests.browser.conftest import DESK
from tests.browser.test_axe import COUNSELLOR, demo, enter

__all__ = ["demo"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
# Of each tab: whether it is chosen, and whether the line beneath it is seen.
TABS = """
tabs => tabs.map(tab => [
  tab.ariaCurrent === 'page' || tab.ariaSelected === 'true',
  getComputedStyle(tab).borderBottomColor !== getComputedStyle(document.body).backgroundColor,
])
"""


def test_the_chosen_tab_is_underlined_alone(demo, window):
    with window(DESK) as page:
        page.emulate_media(forced_colors="active")
        enter(page.context, COUNSELLOR)
        page.goto("/calendar/?view=day")
        assert page.locator(".tabs > *").evaluate_all(TABS) == [[True, True], [False, False]]
