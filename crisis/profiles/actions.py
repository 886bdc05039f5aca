"""Writing a crisis profile: numbers, risks, plan, what was explained; each saving is a review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.clients.actions import ask_to_change
from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, record
from clinic.people.models import Person
from clinic.people.places import Place
from crisis.models import Choice, CrisisProfile, Resource, Risk


@dataclass(frozen=True)
class Pick:
    """What was chosen for one kind: a row of the directory, a number of one's own, or none known."""

    resource: Resource | None = None
    name: str = ""
    number: str = ""

    @property
    def none_known(self) -> bool:
        return self.resource is None and not self.number


@dataclass(frozen=True)
class Weighed:
    """How one risk is seen."""

    level: str
    note: str = ""


@action("crisis_profile.save", says=gettext_lazy("filled in the crisis profile"))
def save_profile(
    *,
    place: Place,
    values: Mapping[str, Any],
    picks: Mapping[str, Pick | None],
    risks: Mapping[str, Weighed | None],
    seen: datetime | None = None,
    by,
    now: datetime,
) -> CrisisProfile:
    """Write the profile of ``place``; it may be incomplete, ``completeness`` says what is missing.

    :param values: texts and days of CrisisProfile.
    :param picks: by kind; None takes an answer away, a kind that is not named keeps its own.
    :param risks: by kind, in the same way.
    :param seen: when the numbers were shown to ``by``: she gave the client none that is newer.
    """
    ask_to_change(place.person, by)
    Person.objects.select_for_update(of=("self",)).get(pk=place.person_id)
    place = Place.objects.select_related("person").get(pk=place.pk)  # as it is under the lock
    if place.ended_at:
        raise Refused(
            "crisis.place_ended", _("This place is no longer used."), _("Please restore it first.")
        )
    _ask_the_same_numbers(picks, seen)
    today = timezone.localdate(now)
    found = CrisisProfile.objects.whole().filter(person=place.person_id, place=place).first()
    profile = found or CrisisProfile(person_id=place.person_id, place=place)
    changes = apply_changes(profile, _dated(profile, dict(values), by, today))
    profile.save(**({"update_fields": list(changes)} if found else {}))
    touched = _save_picks(profile, picks, by, today) + _save_risks(profile, risks)
    record(profile, changes=changes, said=touched)
    record(place.person, note=place.label)
    return profile


def _ask_the_same_numbers(picks: Mapping[str, Pick | None], seen: datetime | None) -> None:
    """Refuse where a number is another one than that which was on the page."""
    for pick in picks.values():
        row = pick.resource if pick else None
        if row and seen and row.numbers_since > seen:
            raise Refused(
                "crisis.numbers_changed",
                _("The number of %(name)s was changed meanwhile.") % {"name": row.name},
                _("Please look at it below first."),
            )


def _dated(profile: CrisisProfile, values: dict[str, Any], by, today: date) -> dict[str, Any]:
    """Add who and when: a day counts anew only where what it dates has changed."""
    values |= {"reviewed_on": today, "reviewed_by": by}
    explained = values.get("limits_explained_on", profile.limits_explained_on)
    if explained != profile.limits_explained_on:
        values["limits_explained_by"] = by if explained else None
    reason = values.get("no_contact_reason", profile.no_contact_reason)
    if reason != profile.no_contact_reason:
        values["no_contact_on"] = today if reason else None
    return values


def _save_picks(
    profile: CrisisProfile, picks: Mapping[str, Pick | None], by, today: date
) -> list[str]:
    """Write what differs; return the kinds that changed, in words not translated yet."""
    known = {choice.kind: choice for choice in Choice.objects.filter(profile=profile)}
    touched = []
    for kind, pick in picks.items():
        choice = known.get(kind)
        if pick is None:
            if choice is None:
                continue
            choice.delete()
        elif not _write_pick(choice or Choice(profile=profile, kind=kind), pick, by, today):
            continue
        touched.append(Choice.Kind(kind).label)
    return touched


def _write_pick(choice: Choice, pick: Pick, by, today: date) -> bool:
    if pick.resource and not pick.resource.is_offered:
        raise Refused(
            "crisis.number_gone",
            _("%(name)s is no longer in the directory.") % {"name": pick.resource.name},
            _("Please choose another one."),
        )
    values = {"resource": pick.resource, "name": pick.name, "number": pick.number}
    values |= {"none_on": today, "none_by": by} if pick.none_known else _NOT_NONE
    changes = apply_changes(choice, values)
    if choice.pk is None:
        choice.save()
    elif changes:
        choice.save(update_fields=list(changes))
    return bool(changes)


_NOT_NONE = {"none_on": None, "none_by": None}


def _save_risks(profile: CrisisProfile, risks: Mapping[str, Weighed | None]) -> list[str]:
    """Write what differs; say only that it did, for which risk is nobody else's business."""
    known = {risk.kind: risk for risk in Risk.objects.filter(profile=profile)}
    touched = [_write_risk(profile, known.get(kind), kind, risks[kind]) for kind in risks]
    return [gettext_lazy("risks")] if any(touched) else []


def _write_risk(
    profile: CrisisProfile, risk: Risk | None, kind: str, weighed: Weighed | None
) -> bool:
    if weighed is None:
        if risk:
            risk.delete()
        return risk is not None
    row = risk or Risk(profile=profile, kind=kind)
    changes = apply_changes(row, {"level": weighed.level, "note": weighed.note})
    if changes:
        row.save(**({"update_fields": list(changes)} if risk else {}))
    return bool(changes)
