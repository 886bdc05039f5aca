"""The minimum age of telecounselling follows the approvals in force (G10.1)."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from clinic.cases.age_floor import FloorNotice, floor_notice
from clinic.staff.models import Approval

DAY = date(2026, 11, 21)
NONE_YET = FloorNotice(
    under=False,
    title="Telecounselling is not possible yet",
    text=(
        "The clinic has no approval of the health bureau in force today. "
        "A case may be opened for face-to-face work."
    ),
)


def approval(floor, start="2026-01-01", end=None, number="示範核字第 0001 號"):
    upper = date.fromisoformat(end) if end else None
    period = DateRange(date.fromisoformat(start), upper)
    return Approval(number=number, age_floor=floor, period=period)


def test_old_enough_says_nothing():
    assert floor_notice(date(1990, 5, 1), DAY, [approval(18)]) is None


def test_under_the_floor_names_age_floor_and_approval():
    assert floor_notice(date(2011, 3, 1), DAY, [approval(18)]) == FloorNotice(
        under=True,
        title="Under the minimum age",
        text=(
            "The client is 15 years old. Every approval in force asks for more (approval "
            "示範核字第 0001 號: from 18 years), so telecounselling is not allowed. "
            "Face-to-face counselling at the clinic is."
        ),
    )


def test_one_approval_that_covers_the_age_is_enough():
    assert floor_notice(date(2007, 1, 1), DAY, [approval(20), approval(18, number="B")]) is None


def test_under_every_floor_names_every_approval():
    notice = floor_notice(date(2011, 3, 1), DAY, [approval(20), approval(18, number="B")])
    assert "(approval 示範核字第 0001 號: from 20 years; approval B: from 18 years)" in notice.text


@pytest.mark.parametrize(
    "others", [[], [approval(0, end="2026-11-21")], [approval(0, start="2026-11-22")]]
)
def test_without_an_approval_in_force_it_says_something_else(others):
    assert floor_notice(date(1990, 5, 1), DAY, others) == NONE_YET
    assert floor_notice(date(2011, 3, 1), DAY, others) == NONE_YET


@pytest.mark.parametrize(
    ("born", "under"),
    [("2008-11-21", False), ("2008-11-22", True)],
)
def test_the_eighteenth_birthday_itself_is_old_enough(born, under):
    assert (floor_notice(date.fromisoformat(born), DAY, [approval(18)]) is not None) == under


def test_somebody_born_on_a_leap_day_is_of_age_on_the_first_of_march():
    born = date(2008, 2, 29)
    assert floor_notice(born, date(2026, 2, 28), [approval(18)]).under
    assert floor_notice(born, date(2026, 3, 1), [approval(18)]) is None
