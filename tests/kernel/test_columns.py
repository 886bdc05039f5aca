"""Columns that apps add to the lists of the clinic: in their places, one at each."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.kernel import columns
from clinic.kernel.columns import Cell, Column, cells_of, column, columns_for


class Row:
    pk = 7


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(columns, "COLUMNS", {"clients": {}})


def one(title: str):
    return lambda rows, user, now: Column(title, {row.pk: Cell("go", user) for row in rows})


def test_columns_stand_in_their_places_with_a_cell_for_each_row(registry, now):
    column("clients", place=2)(one("right"))
    column("clients", place=1)(one("left"))
    made = columns_for("clients", [Row()], "guyu", now)
    told = [(each.title, cell) for each, cell in cells_of(Row(), made)]
    assert told == [("left", Cell("go", "guyu")), ("right", Cell("go", "guyu"))]


def test_a_row_of_which_a_column_says_nothing_has_no_cell():
    empty = Column("empty", {})
    assert cells_of(Row(), [empty]) == [(empty, None)]


def test_a_place_is_given_once(registry):
    column("clients", place=1)(one("first"))
    with pytest.raises(ImproperlyConfigured) as refused:
        column("clients", place=1)(one("second"))
    assert str(refused.value) == f"Column 1 of clients is taken by {__name__}."
