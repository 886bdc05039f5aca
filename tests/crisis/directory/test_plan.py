"""Whom to call is found in one pass over the directory, whatever the database believes of its size.

Right after the rows were loaded, before they were counted, it believes that there are none and
takes each row as a reason to sort the whole county again: half a second on a page that must not wait.
"""

import json
from collections.abc import Iterator

import pytest
from django.db import connection

from crisis.directory.finding import REPEATS
from crisis.models import Resource
from crisis.models.resource_rows import NEAR_FIRST, OPEN_FIRST
from tests.crisis.directory.test_finding import JIAN, MONDAY


@pytest.fixture
def loops_alone(db) -> None:
    """The joins of who takes a table for empty: each row of one against each of the other."""
    with connection.cursor() as cursor:
        for other in ("hashjoin", "mergejoin", "hashagg", "material", "sort"):
            cursor.execute(f"SET LOCAL enable_{other} = off")


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.mark.parametrize("order", [OPEN_FIRST, NEAR_FIRST], ids=["open", "near"])
def test_the_rows_of_a_county_are_put_in_order_once(loaded, loops_alone, order):
    rows = Resource.objects.around_place(JIAN, JIAN[:5], MONDAY, REPEATS, order)
    plan = json.loads(rows.explain(format="json", analyze=True))[0]["Plan"]
    ordered = [node["Actual Loops"] for node in nodes(plan) if node["Node Type"] == "WindowAgg"]
    assert ordered == [1]
