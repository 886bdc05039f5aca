"""What stands on the sheet of paper that the client takes home; no clinical word on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.telephones import international
from clinic.organisation.forms import TELLING as NAMING
from clinic.organisation.letterhead import dialled
from clinic.organisation.models import Clinic
from clinic.people.places import Place
from crisis.directory.finding import pinned
from crisis.directory.trust import dated
from crisis.models import Choice, CrisisProfile
from crisis.profiles.numbers import NATIONAL, Line, lines_of_choice

MOST_LINES = 10  # so that it stays one page
MOST_OF_A_KIND = 2
# Whose names would tell somebody at home what the sheet is about.
TELLING = {
    Choice.Kind.MENTAL_HEALTH_CENTRE,
    Choice.Kind.NEARBY_COUNSELLING,
    Choice.Kind.SUICIDE_PREVENTION,
}
# A hospital's name may tell it as well.
TELLING_WORDS = (*NAMING, "精神", "療養", "身心", "自殺", "mental")


@dataclass(frozen=True)
class Sheet:
    """``national`` is empty abroad: those numbers reach nobody from there."""

    title: str
    sender: str
    phone: str
    place: Place
    national: tuple[Line, ...]
    lines: list[Line]
    plan: str
    made_on: Any


def sheet_of(
    place: Place, profile: CrisisProfile | None, clinic: Clinic | None, now: datetime
) -> Sheet:
    """Return the sheet; neutral in every word where the person asked for neutral letters."""
    neutral = place.person.neutral_contact
    national = () if place.is_abroad else _national(now)
    if neutral:
        national = tuple(replace(line, name="", what="") for line in national)
    return Sheet(
        title=_("Telephone numbers") if neutral else _("My numbers for an emergency"),
        sender=_sender(clinic, neutral),
        phone=_phone(clinic, place),
        place=place,
        national=national,
        lines=list(_lines(profile, neutral, now))[:MOST_LINES] if profile else [],
        plan=_plan(profile, clinic, neutral) if profile else "",
        made_on=profile.reviewed_on if profile else None,
    )


def _national(now: datetime) -> tuple[Line, ...]:
    """The three numbers, with their days as far as the directory holds them. One query."""
    days = {row.resource.source_key: dated(row.resource) for row in pinned(now)}
    return tuple(replace(line, dated=days.get(line.shown, "")) for line in NATIONAL)


def _sender(clinic: Clinic | None, neutral: bool) -> str:
    if clinic is None:
        return ""
    return clinic.neutral_name if neutral else clinic.called


def _phone(clinic: Clinic | None, place: Place) -> str:
    if clinic is None:
        return ""
    number = clinic.neutral_phone if place.person.neutral_contact else clinic.phone
    return dialled(number, abroad=place.is_abroad)


def _plan(profile: CrisisProfile, clinic: Clinic | None, neutral: bool) -> str:
    """The plan; what it says of the clinic in neutral words, whenever those were asked for."""
    plan = profile.out_of_hours_plan
    if not (clinic and neutral):
        return plan
    said = {number(clinic.phone): number(clinic.neutral_phone) for number in (str, international)}
    said |= {clinic.name: clinic.neutral_name}
    for words, instead in (said | {clinic.name_en: clinic.neutral_name}).items():
        plan = plan.replace(words, instead) if words else plan
    return plan


def _lines(profile: CrisisProfile, neutral: bool, now: datetime) -> Iterator[Line]:
    """Yield the numbers chosen, each once, without those that stand above anyway."""
    abroad, today = profile.place.is_abroad, timezone.localdate(now)
    seen = set() if abroad else {line.key for line in NATIONAL}
    for choice in profile.choices.all():
        for line in lines_of_choice(choice, today, abroad=abroad)[:MOST_OF_A_KIND]:
            if line.key in seen:
                continue
            seen.add(line.key)
            tells = choice.kind in TELLING or any(w in line.name.lower() for w in TELLING_WORDS)
            hidden = neutral and tells
            yield replace(line, name=_("a number to call"), what="") if hidden else line
