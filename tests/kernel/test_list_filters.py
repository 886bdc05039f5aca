"""Filters that apps add to the lists of the clinic."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.kernel import list_filters
from clinic.kernel.list_filters import ListFilter, fields_of, kept, list_filter

CHOICES = (("odd", "odd numbers"),)


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(list_filters, "FILTERS", {"clients": {}})


def odd(rows, user, chosen, now):
    return [row for row in rows if row % 2]


@pytest.fixture
def one(registry, now):
    list_filter("clients", field="number", label="Number", choices=CHOICES)(odd)


def test_its_field_offers_all_first(one, settings):
    settings.LANGUAGE_CODE = "en"
    (field,) = fields_of("clients").values()
    assert (field.label, field.choices) == ("Number", [("", "all"), ("odd", "odd numbers")])


def test_it_sifts_only_when_it_was_chosen(one, now):
    rows = [1, 2, 3]
    chosen = ({}, {"number": ""}, {"number": "odd"})
    assert [kept("clients", rows, "guyu", each, now) for each in chosen] == [rows, rows, [1, 3]]


def test_a_name_is_given_once(one):
    again = list_filter("clients", field="number", label="again", choices=())
    with pytest.raises(ImproperlyConfigured) as refused:
        again(odd)
    assert str(refused.value) == "The list clients has a filter number already."
    assert list_filters.FILTERS["clients"]["number"] == ListFilter("Number", CHOICES, odd)
