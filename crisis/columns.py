"""What crisis says in the list of clients: whether their profiles are complete (G5.2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from clinic.cases.access import is_kept_by
from clinic.kernel.columns import Cell, Column, column
from clinic.people.models import Person
from crisis.profiles.state import PlaceState, states_of
from sessions.models import Channel, CounsellingSession


@column("clients", place=2)
def profiles_of(people: Sequence[Person], user: Any, now: datetime) -> Column:
    """Of each client with an open case: complete, or what the place lacks that lacks most.

    Who has only ever come in person is not asked for one yet. A constant number of queries.
    ``people`` come with their ``seen_parts``.
    """
    served = [who for who in people if any(part.is_open for part in who.seen_parts)]
    worst: dict[int, PlaceState] = {}
    for state in states_of(served, now):
        shown = worst.setdefault(state.person.pk, state)
        worst[state.person.pk] = max(shown, state, key=_lacks)
    cells = {who.pk: _without_place(who, user) for who in served}
    near = _in_person_alone(served, user)
    cells |= {pk: _cell(state, near=pk in near) for pk, state in worst.items()}
    return Column(gettext_lazy("Crisis profile"), cells)


def _lacks(state: PlaceState) -> tuple[bool, int, bool, bool]:
    return state.profile is None, len(state.gaps), bool(state.changed), state.is_old


def _without_place(person: Person, user: Any) -> Cell:
    page = "place_add" if is_kept_by(person, user) else "client"
    return Cell("none", _("no place is noted"), reverse(page, args=[person.pk]))


def _in_person_alone(people: Sequence[Person], user: Any) -> set[int]:
    """Return who has sessions that ``user`` sees, and none of them at a distance."""
    cases = {part.case_id for who in people for part in who.seen_parts}
    found = CounsellingSession.objects.visible_to(user).filter(case__in=cases).people_by_channel()
    return {who for who, _way in found} - {who for who, way in found if way != Channel.IN_PERSON}


def _cell(state: PlaceState, *, near: bool) -> Cell:
    url = reverse("crisis_profile", args=[state.person.pk, state.place.pk])
    if near and state.profile is None:
        return Cell("none", _("in person so far"), url)
    words = state.words
    if state.tone != "go" and len(state.person.places_in_use) > 1:
        words = pgettext("before a reason", ": ").join((state.place.label, words))
    return Cell(state.tone, words, url)
