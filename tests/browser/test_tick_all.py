"""The button that ticks every box of a group says that it did."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_axe import COUNSELLOR, demo, enter

__all__ = ["demo"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_it_is_said_as_long_as_it_is_true(demo, window):
    with window(PHONE) as page:
        enter(page.context, COUNSELLOR)
        page.goto(f"/consent/{demo.rows['request'].pk}/explain/")
        group = page.locator(".checks", has=page.locator("[name=items]"))
        said = page.locator("[data-tick-all] ~ [role=status]")
        expect(said).to_be_empty()
        page.locator("[data-tick-all]").press("Enter")
        expect(group.locator("input:not(:checked)")).to_have_count(0)
        expect(said).not_to_be_empty()
        group.locator("input").first.press("Space")
        expect(said).to_be_empty()
