"""Words are compared in English, whatever the catalogue says."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def clinic_values(**more) -> dict[str, str]:
    """What a person types into the form of the clinic's particulars."""
    return {
        "name": "廿四節氣心理諮商所（虛構）",
        "name_en": "Twenty-Four Seasons Counselling Clinic (fictional)",
        "licence_number": "示範第 1 號",
        "communication_system": "示範視訊",
        "reconnect_minutes": 5,
        "phone": "0000-000-001",
        "county": "63000",
        "town_id": "63000080",
        "street": "示範路 1 號",
        "neutral_name": "節氣工作室",
        "neutral_phone": "0000-000-002",
    } | more


@pytest.fixture
def browse(browse):
    """Browsers of these tests read English."""

    def in_english(user):
        browser = browse(user)
        browser.cookies["language"] = "en"
        return browser

    return in_english
