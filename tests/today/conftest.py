"""Browsers of these tests read English."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def browse(browse):
    def in_english(user):
        browser = browse(user)
        browser.cookies["language"] = "en"
        return browser

    return in_english
