"""Filters that other apps add to a list of the clinic: each names its own in ``columns.py``, beside
the column that shows what it sifts by. The list knows no app.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

Keep = Callable[[QuerySet, Any, str, datetime], QuerySet]
LISTS = ("clients",)


@dataclass(frozen=True)
class ListFilter:
    """A choice above a list. ``keep(rows, user, chosen, now)`` leaves out what was not chosen."""

    label: Any
    choices: tuple[tuple[str, Any], ...]
    keep: Keep


FILTERS: dict[str, dict[str, ListFilter]] = {name: {} for name in LISTS}


def list_filter(
    name: str, *, field: str, label: Any, choices: tuple[tuple[str, Any], ...]
) -> Callable[[Keep], Keep]:
    """Register a filter for a list of ``LISTS``; ``field`` is what its address calls it."""

    def register(keep: Keep) -> Keep:
        if field in FILTERS[name]:
            raise ImproperlyConfigured(f"The list {name} has a filter {field} already.")
        FILTERS[name][field] = ListFilter(label, choices, keep)
        return keep

    return register


def fields_of(name: str) -> dict[str, forms.ChoiceField]:
    """Return the fields for the form above a list."""
    return {
        field: forms.ChoiceField(
            label=each.label, choices=[("", _("all")), *each.choices], required=False
        )
        for field, each in FILTERS[name].items()
    }


def kept(
    name: str, rows: QuerySet, user: Any, chosen: Mapping[str, Any], now: datetime
) -> QuerySet:
    """Return the rows that every filter which was chosen keeps."""
    for field, each in FILTERS[name].items():
        if value := chosen.get(field):
            rows = each.keep(rows, user, value, now)
    return rows
