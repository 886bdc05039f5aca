"""What crisis says in the list of clients: whether their profiles are complete (G5.2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.columns import Cell, Column, column
from clinic.people.models import Person
from crisis.profiles.state import PlaceState, states_of


@column("clients", place=2)
def profiles_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """Of each client with an open case: complete, or what the first place lacks that lacks most.

    A constant number of queries. ``people`` come with their ``seen_parts``.
    """
    served = [who for who in people if any(not part.case.closed_at for part in who.seen_parts)]
    cells = {who.pk: Cell("fix", _("no place is noted")) for who in served}
    for state in sorted(states_of(served), key=lambda state: len(state.gaps)):
        cells[state.person.pk] = _cell(state)
    return Column(gettext_lazy("Crisis profile"), cells)


def _cell(state: PlaceState) -> Cell:
    url = reverse("crisis_profile", args=[state.person.pk, state.place.pk])
    several = len(state.person.places_in_use) > 1 and bool(state.gaps)
    words = f"{state.place.label}：{state.words}" if several else state.words
    return Cell(state.tone, words, url)
