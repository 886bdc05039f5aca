"""What a crisis profile still lacks, in words. Pure: everything is read before (G5.2, G5.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.people.models import Person
from crisis.models import Choice, CrisisProfile, Risk

PROFILE, OUT_OF_HOURS = "G5.2", "G5.3"
# Nearby counsellors belong to the plan for the hours when the clinic is closed.
CLAUSE_OF_KIND = {Choice.Kind.NEARBY_COUNSELLING: OUT_OF_HOURS}
# Where a gap is closed.
HERE, PERSON, CONTACTS = "profile", "person", "contacts"


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: for which clause, what, what to do, and on which page."""

    clause: str
    reason: Any
    remedy: Any
    where: str = HERE


def gaps_of(profile: CrisisProfile | None, person: Person) -> list[Gap]:
    """Return what is missing, the most urgent first; asks no query of a ``whole()`` profile.

    119, 110 and 1925 are always there and never asked for. ``person`` comes with her emergency
    contacts.
    """
    if profile is None:
        reason, remedy = _("no crisis profile for this place"), _("Fill it in with the client.")
        return [Gap(PROFILE, reason, remedy), Gap(OUT_OF_HOURS, reason, remedy)]
    return [
        *_of_person(profile, person),
        *_of_choices(profile),
        *_of_risks(profile),
        *_of_talks(profile),
    ]


def _of_person(profile: CrisisProfile, person: Person) -> Iterator[Gap]:
    if not person.phone:
        yield Gap(
            PROFILE,
            _("no call-back number"),
            _("Add the client's telephone number."),
            PERSON,
        )
    if not person.contacts_to_call and not profile.no_contact_on:
        yield Gap(
            PROFILE,
            _("no emergency contact who may be called"),
            _("Add one, or note here why there is none."),
            CONTACTS,
        )


def _of_choices(profile: CrisisProfile) -> Iterator[Gap]:
    chosen = {choice.kind: choice for choice in profile.choices.all()}
    for clause in (PROFILE, OUT_OF_HOURS):
        kinds = [kind for kind in Choice.Kind if CLAUSE_OF_KIND.get(kind, PROFILE) == clause]
        if missing := [kind.label for kind in kinds if kind not in chosen]:
            yield Gap(
                clause,
                _("no number for: %(kinds)s") % {"kinds": _(", ").join(map(str, missing))},
                _("Choose one, or say that none is known."),
            )
        gone = [kind.label for kind in kinds if kind in chosen and chosen[kind].is_gone]
        if gone:
            yield Gap(
                clause,
                _("the number is no longer in the directory: %(kinds)s")
                % {"kinds": _(", ").join(map(str, gone))},
                _("Choose another one."),
            )
        if waiting := [kind.label for kind in kinds if kind in chosen and chosen[kind].waits]:
            yield Gap(
                clause,
                _("the number has to be confirmed first: %(kinds)s")
                % {"kinds": _(", ").join(map(str, waiting))},
                _("Ask an administrator to confirm it, or choose another one."),
            )


def _of_risks(profile: CrisisProfile) -> Iterator[Gap]:
    weighed = {risk.kind for risk in profile.risks.all()}
    if missing := [kind.label for kind in Risk.Kind if kind not in weighed]:
        yield Gap(
            PROFILE,
            _("risk not weighed: %(risks)s") % {"risks": _(", ").join(map(str, missing))},
            _("Say for each how it is seen."),
        )


def _of_talks(profile: CrisisProfile) -> Iterator[Gap]:
    if not profile.limits_explained_on:
        yield Gap(
            PROFILE,
            _("limits not explained"),
            _("Explain what cannot be done from a distance, and note the day."),
        )
    if not profile.out_of_hours_plan:
        yield Gap(
            OUT_OF_HOURS,
            _("no out-of-hours plan"),
            _("Write down what the client does when the clinic is closed."),
        )
