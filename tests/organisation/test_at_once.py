"""The set-up by two people at once, or by one who presses twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest
from django.db import connection

from clinic.organisation import actions
from clinic.organisation.models import Clinic, OpeningHours

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
VALUES = {
    "name": "節氣心理諮商所（虛構）",
    "licence_number": "示範第 1 號",
    "phone": "0000-000-001",
    "neutral_name": "節氣工作室",
    "neutral_phone": "0000-000-002",
    "street": "示範路 1 號",
    "communication_system": "示範視訊",
    "reconnect_minutes": "5",
}


def at_once(act) -> None:
    """Call ``act()`` six times at one moment; whatever it raises is raised."""
    ready = Barrier(6)

    def attempt(_number):
        ready.wait()
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attempt, range(6)))


def test_the_first_particulars_make_one_clinic(admin, town, now):
    values = VALUES | {"town_id": town.pk}
    at_once(lambda: actions.save_clinic(values=values, by=admin, now=now))
    assert Clinic.objects.values_list("name", flat=True).get() == VALUES["name"]


def test_the_hours_are_stored_once(admin, clinic, now):
    hours = {day: (time(9), time(21)) for day in range(1, 7)}
    at_once(lambda: actions.set_hours(hours=hours, by=admin, now=now))
    assert [row.weekday for row in OpeningHours.week()] == [1, 2, 3, 4, 5, 6]
