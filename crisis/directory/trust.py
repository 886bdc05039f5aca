"""How far a number can be relied on: the day of its source, who confirmed it, what to dial."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crisis.models import Confirmation, Resource

OLD_AFTER = 3  # years; older than that, a source is shown with a warning


@dataclass(frozen=True)
class Confirmed:
    """Who checked the numbers last, how, on which day."""

    on: date
    how: Any
    by: str


def confirmed_of(resource: Resource) -> Confirmed | None:
    """Return the last confirmation of a row that was asked ``with_confirmation()``."""
    rows = resource.confirmed
    if not rows:
        return None
    how = Confirmation.How(rows[0]["how"]).label
    return Confirmed(date.fromisoformat(rows[0]["on"]), how, rows[0]["by"])


def is_old(resource: Resource, today: date) -> bool:
    """Whether the source is so old that it should be read again before use."""
    return (today - resource.source_date).days > OLD_AFTER * 365


def doubts_of(resource: Resource, today: date, *, certain: bool) -> list[str]:
    """Return why nobody should be given a number unasked; ``certain``: it is known what to dial."""
    doubts = []
    if is_old(resource, today) and not resource.confirmed:
        day = {"day": resource.source_dated}
        doubts.append(_("not confirmed; source of %(day)s") % day)
    if not certain:
        doubts.append(_("as printed; not certain what to dial"))
    return doubts


def dated(resource: Resource) -> str:
    """Return from when a number is: the day of its confirmation, else that of its source."""
    if confirmed := confirmed_of(resource):
        return _("confirmed %(day)s") % {"day": confirmed.on.isoformat()}
    return _("source of %(date)s") % {"date": resource.source_dated}
