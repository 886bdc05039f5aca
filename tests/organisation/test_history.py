"""The clinic's history tells of its premises and rooms too, by their names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.organisation import actions
from clinic.organisation.models import Premises, Room

NOW = timezone.now()


@pytest.fixture
def told(admin, browse):
    """``told()`` is what the page says, newest first: who, what, in which words."""

    def lines() -> list[tuple]:
        page = browse(admin).get(reverse("clinic_history"))
        return [(line.who, line.text, line.details) for line in page.context["entries"]]

    return lines


def test_a_change_of_the_premises_stands_in_the_clinics_history(clinic, premises, admin, told):
    before, old = told(), premises.street
    actions.save_premises(premises=premises, values={"street": "新路 9 號"}, by=admin, now=NOW)
    words = [premises.name, f"Street and number: {old} → 新路 9 號"]
    assert told() == [(admin.name, "changed the premises", words), *before]


def test_a_change_of_a_room_stands_in_the_clinics_history_with_its_name(
    clinic, premises, admin, told
):
    before = told()
    room = Room(premises=premises)
    actions.save_room(room=room, values={"name": "夏室"}, by=admin, now=NOW)
    actions.save_room(room=room, values={"active": False}, by=admin, now=NOW)
    what, where = "changed a counselling room", f"{premises.name}・夏室"
    assert told() == [
        (admin.name, what, [where, "In use: yes → no"]),
        (admin.name, what, [where, "Name: 夏室"]),
        *before,
    ]


def test_more_premises_cost_the_history_no_more_queries(clinic, premises, admin, browse):
    browser, address = browse(admin), reverse("clinic_history")
    actions.save_premises(premises=premises, values={"street": "舊路 1 號"}, by=admin, now=NOW)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(10):
        values = {"name": f"{number} 館", "town": premises.town, "street": "新路 1 號"}
        place = actions.save_premises(premises=Premises(), values=values, by=admin, now=NOW)
        actions.save_room(room=Room(premises=place), values={"name": "室"}, by=admin, now=NOW)
    with CaptureQueriesContext(connection) as many:
        assert "9 館・室" in browser.get(address).content.decode()
    assert len(many) == len(few)


def test_what_happened_long_ago_stands_on_a_later_page(clinic, premises, admin, browse):
    for number in range(60):
        values = {"street": f"新路 {number} 號"}
        actions.save_premises(premises=premises, values=values, by=admin, now=NOW)
    address = reverse("clinic_history")
    pages = [browse(admin).get(f"{address}?page={number}").context for number in (1, 2)]
    assert [len(page["entries"]) for page in pages] == [50, 10]
    assert pages[1]["entries"][-1].details[1].endswith("→ 新路 0 號")
