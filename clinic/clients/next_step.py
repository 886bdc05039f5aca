"""What a case still needs, as far as the client's file shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.cases.models import Case, Participant
from clinic.people.models import Person


@dataclass(frozen=True)
class Step:
    """One thing to do next, with the page where it is done."""

    state: str
    title: Any
    detail: Any
    action_url: str
    action_label: Any


def next_steps(case: Case, parts: Sequence[Participant]) -> list[Step]:
    """Return what an open case lacks, the first thing first; asks no query of its own."""
    if case.closed_at:
        return []
    return [step for part in parts if not part.left_at for step in _of(part.person)]


def _of(person: Person) -> Iterator[Step]:
    change = reverse("client_change", args=[person.pk])
    if not person.phone and not person.email:
        yield Step(
            "fix",
            _("No way to reach the client is noted"),
            _("Please add a telephone number or an email address."),
            change,
            _("Add it"),
        )
    if not person.contacts_to_call:
        yield Step(
            "fix",
            _("No emergency contact is noted"),
            _("Before telecounselling begins, somebody must be known who can be called."),
            reverse("contact_add", args=[person.pk]),
            _("Add an emergency contact"),
        )
    if doubt := person.national_id_doubt:
        yield Step("fix", _("The ID number is doubtful"), doubt, change, _("Check it"))
