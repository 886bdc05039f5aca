"""What the clinic's set-up still lacks. Until it is done every page says so; nothing breaks."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.organisation.models import Clinic, OpeningHours, Room


def missing_steps(has_approval: bool) -> list[tuple[str, Any]]:
    """Return (step, words) for each step of the set-up that is not done, in order."""
    clinic = Clinic.the_one()
    steps = [
        ("clinic", _("the clinic's particulars"), clinic is not None),
        ("rooms", _("premises with a counselling room"), Room.in_use().exists()),
        ("hours", _("opening hours"), OpeningHours.objects.exists()),
        ("responsible", _("the psychologist in charge"), bool(clinic and clinic.in_charge)),
        (
            "approval",
            _("the approval, or that there is none yet"),
            has_approval or bool(clinic and clinic.no_approval_yet),
        ),
    ]
    return [(step, words) for step, words, done in steps if not done]


def require_clinic() -> Clinic:
    """Return the clinic. Refused until its particulars are entered."""
    if (clinic := Clinic.the_one()) is None:
        raise Refused(
            "clinic.none", _("The clinic's particulars are missing."), _("Please enter them first.")
        )
    return clinic
