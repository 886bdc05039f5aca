"""What the clinic's set-up still lacks. Until it is done every page says so; nothing breaks."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.organisation.models import Clinic, OpeningHours, Room


@dataclass(frozen=True)
class SetUp:
    """What there is of the set-up."""

    clinic: Clinic | None
    has_rooms: bool
    has_hours: bool
    has_approval: bool

    @classmethod
    def look_up(cls, approvals: QuerySet) -> "SetUp":
        """Ask for all of it: one query as soon as the clinic's particulars are entered."""
        parts = {
            "has_rooms": Room.in_use(),
            "has_hours": OpeningHours.objects.all(),
            "has_approval": approvals,
        }
        there = {name: Exists(rows) for name, rows in parts.items()}
        clinic = Clinic.objects.select_related("responsible").annotate(**there).first()
        if clinic is None:
            return cls(clinic, **{name: rows.exists() for name, rows in parts.items()})
        return cls(clinic, **{name: getattr(clinic, name) for name in parts})

    def missing(self) -> list[tuple[str, Any]]:
        """Return (step, words) for each step that is not done, in order."""
        clinic = self.clinic
        steps = [
            ("clinic", _("the clinic's particulars"), clinic is not None),
            ("rooms", _("premises with a counselling room"), self.has_rooms),
            ("hours", _("opening hours"), self.has_hours),
            ("responsible", _("the psychologist in charge"), bool(clinic and clinic.in_charge)),
            (
                "approval",
                _("the approval, or that there is none yet"),
                self.has_approval or bool(clinic and clinic.no_approval_yet),
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
