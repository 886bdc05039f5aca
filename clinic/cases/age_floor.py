"""The minimum age for telecounselling (G10.1).

It belongs to the health bureau's approval and differs from one to the next, so it is read from the
approvals in force on the day and is never a constant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from clinic.kernel.dates import age_on
from clinic.staff.models import Approval


@dataclass(frozen=True)
class FloorNotice:
    """What stands in the way of telecounselling. ``under``: the client is too young for it."""

    under: bool
    title: str
    text: str


def floor_notice(born: date, day: date, approvals: Iterable[Approval]) -> FloorNotice | None:
    """Return the notice for a person born on ``born``; None when one approval covers her age.

    Pure: ``approvals`` may hold any, those not in force on ``day`` do not count.
    """
    valid = [approval for approval in approvals if approval.in_force(day)]
    if not valid:
        return FloorNotice(
            under=False,
            title=_("Telecounselling is not possible yet"),
            text=_(
                "The clinic has no approval of the health bureau in force today. "
                "A case may be opened for face-to-face work."
            ),
        )
    age = age_on(born, day)
    if any(age >= approval.age_floor for approval in valid):
        return None
    return FloorNotice(under=True, title=_("Under the minimum age"), text=_words(age, valid))


def floor_notice_on(born: date, day: date) -> FloorNotice | None:
    """Return ``floor_notice`` with the clinic's approvals of ``day``; one query."""
    return floor_notice(born, day, Approval.objects.in_force_on(day))


def _words(age: int, approvals: list[Approval]) -> str:
    floors: list[Any] = [
        _("approval %(number)s: from %(floor)s years") % {"number": a.number, "floor": a.age_floor}
        for a in approvals
    ]
    return _(
        "The client is %(age)s years old. Every approval in force asks for more (%(floors)s), so "
        "telecounselling is not allowed. Face-to-face counselling at the clinic is."
    ) % {"age": age, "floors": _("; ").join(floors)}
