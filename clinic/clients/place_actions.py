"""What counsellors do with a client's places. Of those in use exactly one is the usual one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.clients.actions import ask_to_change
from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, record
from clinic.people.models import Person
from clinic.people.places import Place, usual_place

ELSEWHERE = {"country", "region", "town", "town_id"}
WHERE = ("label", "country", "region", "town_id", "village", "street")
COPIED = (*WHERE, "usual")


@action("place.add", says=gettext_lazy("added a place"))
def add_place(*, person: Person, values: Mapping[str, Any], by, now: datetime) -> Place:
    """Note a place where ``person`` may be when she is served (G5.2, G10.4).

    The first one is the usual one, whatever ``values`` say. Refused for one that is in use already.
    """
    _lock(person, by)
    usual = usual_place(person)
    place = Place(person=person, **{**values, "usual": values.get("usual") or usual is None})
    _ask_new(place)
    if place.usual:
        _no_longer_usual(usual)
    place.save()
    record(place, note=place.label)
    return place


def _ask_new(place: Place) -> None:
    def told(row: Place) -> list:
        return [getattr(row, name) for name in WHERE]

    others = Place.objects.in_use().filter(person=place.person)
    if any(told(other) == told(place) for other in others):
        raise Refused(
            "place.known",
            _("This place is on file already."),
            _("The client's file shows it; it can be changed there."),
        )


@action("place.change", says=gettext_lazy("changed a place"))
def change_place(*, place: Place, values: Mapping[str, Any], by, now: datetime) -> Place:
    """Change a place that is in use. Making it the usual one takes that from the other.

    In another township, village or region it is another place: the old one ends, so that nothing
    that was found out for it, such as whom to call, is taken for true of the new one (G5.2).
    """
    _lock(place.person, by)
    row = Place.objects.select_related("town__county").get(pk=place.pk)
    if row.ended_at:
        raise Refused(
            "place.ended",
            _("This place was changed or ended meanwhile."),
            _("Please look at the client's places."),
        )
    if row.usual and not values.get("usual", True):
        raise Refused(
            "place.one_usual",
            _("One place must be the usual one."),
            _("Please mark another place as the usual one instead."),
            field="usual",
        )
    if values.get("usual") and not row.usual:
        _no_longer_usual(usual_place(row.person))
    village = row.village
    changes = apply_changes(row, dict(values))
    if ELSEWHERE & changes.keys() or (village and village != row.village):
        return _moved(row, now)
    if changes:
        row.save(update_fields=list(changes))
        record(row, changes=changes)
    else:
        record(row, said=gettext_lazy("Saved without a change."))
    return row


def _moved(changed: Place, now: datetime) -> Place:
    """End the place as it was, and keep ``changed`` as a new one."""
    was = Place.objects.get(pk=changed.pk)
    was.ended_at = now
    was.save(update_fields=["ended_at"])
    record(was, note=was.label)
    here = Place(person=changed.person, **{name: getattr(changed, name) for name in COPIED})
    here.save()
    record(here, note=here.label)
    return here


@action("place.end", says=gettext_lazy("ended a place"))
def end_place(*, place: Place, by, now: datetime) -> Place:
    """No longer use a place. It stays in the file; ``restore_place`` undoes it."""
    _lock(place.person, by)
    row = Place.objects.get(pk=place.pk)
    others = Place.objects.in_use().filter(person=row.person).exclude(pk=row.pk)
    if row.usual and not row.ended_at and others.exists():
        raise Refused(
            "place.usual_needed",
            _("This is the usual place."),
            _("Please mark another place as the usual one first."),
        )
    if not row.ended_at:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    record(row, note=row.label)
    return row


@action("place.restore", says=gettext_lazy("restored a place"))
def restore_place(*, place: Place, by, now: datetime) -> Place:
    """Use a place again that was ended. It is the usual one only where there is no other.

    Refused where an equal one is in use already.
    """
    _lock(place.person, by)
    row = Place.objects.get(pk=place.pk)
    if row.ended_at:
        _ask_new(row)
        row.usual = usual_place(row.person) is None
        row.ended_at = None
        row.save(update_fields=["ended_at", "usual"])
    record(row, note=row.label)
    return row


def _lock(person: Person, by) -> None:
    """Refuse unless ``by`` keeps the file of ``person``; hold her row: one place is usual."""
    ask_to_change(person, by)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _no_longer_usual(place: Place | None) -> None:
    if place:
        place.usual = False
        place.save(update_fields=["usual"])
        record(place, changes={"usual": [True, False]})
