"""What crisis says in the list of clients: whether their profiles are complete (G5.2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from clinic.kernel.columns import Cell, Column, column
from clinic.people.models import Person
from crisis.profiles.state import PlaceState, states_of


@column("clients", place=2)
def profiles_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """Of each client with an open case: complete, or what the place lacks that lacks most.

    A constant number of queries. ``people`` come with their ``seen_parts``.
    """
    served = [who for who in people if any(part.is_open for part in who.seen_parts)]
    worst: dict[int, PlaceState] = {}
    for state in states_of(served, now):
        shown = worst.setdefault(state.person.pk, state)
        worst[state.person.pk] = max(shown, state, key=_lacks)
    cells = {who.pk: _without_place(who) for who in served}
    cells |= {pk: _cell(state) for pk, state in worst.items()}
    return Column(gettext_lazy("Crisis profile"), cells)


def _lacks(state: PlaceState) -> tuple[bool, int, bool]:
    return state.profile is None, len(state.gaps), state.is_old


def _without_place(person: Person) -> Cell:
    return Cell("none", _("no place is noted"), reverse("place_add", args=[person.pk]))


def _cell(state: PlaceState) -> Cell:
    url = reverse("crisis_profile", args=[state.person.pk, state.place.pk])
    words = state.words
    if state.tone != "go" and len(state.person.places_in_use) > 1:
        words = pgettext("before a reason", ": ").join((state.place.label, words))
    return Cell(state.tone, words, url)
