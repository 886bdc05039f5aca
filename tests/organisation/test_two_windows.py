"""What one window saved of the set-up is not taken back unseen by another opened before."""

from datetime import time

import pytest
from django.urls import reverse

from clinic.organisation.models import OpeningHours, Room
from tests.clients.test_two_windows import SAID, Window

WEEK = {f"opens_{day}": "09:00" for day in range(1, 6)}
WEEK |= {f"closes_{day}": "21:00" for day in range(1, 6)}


def hours() -> dict[int, tuple[time, time]]:
    return {row.weekday: (row.opens, row.closes) for row in OpeningHours.week()}


@pytest.fixture
def two(browse, admin, clinic):
    """``two(address, fields)`` are two windows on one form, both opened before either saves."""
    return lambda address, fields: [Window(browse(admin), address, fields) for _n in range(2)]


def test_a_new_day_stays_though_an_older_window_changes_another(two):
    older, newer = two(reverse("setup_hours"), WEEK)
    assert newer.save(opens_6="10:00", closes_6="12:00").status_code == 302
    page = older.save(closes_1="20:00")
    form = page.context["form"]
    assert (page.status_code, form.errors) == (200, {"opens_6": [SAID], "closes_6": [SAID]})
    shown = [form[name].value() for name in ("opens_6", "closes_6", "closes_1")]
    assert shown == ["10:00", "12:00", "20:00"]
    assert hours()[6] == (time(10), time(12))
    older.save(opens_6="10:00", closes_6="12:00")
    assert (hours()[1], hours()[6]) == ((time(9), time(20)), (time(10), time(12)))


def test_the_first_hours_stay_though_another_window_opened_on_none(two):
    OpeningHours.objects.all().delete()
    older, newer = two(reverse("setup_hours"), {})
    assert newer.save(opens_1="09:00", closes_1="21:00").status_code == 302
    assert older.save(opens_2="09:00", closes_2="21:00").status_code == 200
    assert hours() == {1: (time(9), time(21))}


def test_a_room_out_of_use_stays_so_though_an_older_window_names_it(two, premises):
    address = reverse("room_change", args=[premises.rooms.get().pk])
    older, newer = two(address, {"name": "春室"})
    assert newer.save().status_code == 302
    page = older.save(name="夏室", active="on")
    assert (page.status_code, page.context["form"].errors) == (200, {"active": [SAID]})
    older.fields.pop("active")
    assert older.save().status_code == 302
    room = Room.objects.get()
    assert (room.name, room.active) == ("夏室", False)


def test_two_rooms_are_added_from_two_windows(two, premises):
    windows = two(reverse("room_add", args=[premises.pk]), {"active": "on"})
    codes = [
        window.save(name=name).status_code for window, name in zip(windows, "夏秋", strict=True)
    ]
    assert (codes, Room.objects.count()) == ([302, 302], 3)
