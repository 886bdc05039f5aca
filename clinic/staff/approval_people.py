"""The people of an approval whose last day moves. Nobody is named beyond the approval's own end."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.staff.models import Approval, ApprovedPerson


def end_with(approval: Approval, changes: dict[str, Any]) -> list[str]:
    """Cut to the approval's new end, not saved yet, whose time goes on after it; return their names.

    Refused where somebody's time would only begin after it: cut, nothing would be left of it.
    """
    end = approval.period.upper
    if end is None:
        return []
    beyond = Q(period__endswith__gt=end) | Q(period__upper_inf=True)
    people = list(ApprovedPerson.objects.named_in(approval).filter(beyond))
    if later := [row for row in people if row.starts_on >= end]:
        raise Refused(
            "approval.begins_later",
            _("Whose time in it begins only after this day: %(names)s.")
            % {"names": ", ".join(_names(later))},
            _("Choose a later last day."),
            field="last_day",
        )
    return _move(people, approval, changes)


def _move(
    people: Sequence[ApprovedPerson], approval: Approval, changes: dict[str, Any]
) -> list[str]:
    """Give ``people`` the approval's end, say so in ``changes``, and return their names."""
    if not people:
        return []
    before = [_shown(row) for row in people]
    for row in people:
        row.period = DateRange(row.starts_on, approval.period.upper)
    ApprovedPerson.objects.bulk_update(people, ["period"])
    changes["people"] = [before, [_shown(row) for row in people]]
    return _names(people)


def _names(people: Sequence[ApprovedPerson]) -> list[str]:
    return list(dict.fromkeys(row.practitioner.user.name for row in people))


def _shown(row: ApprovedPerson) -> str:
    return f"{row.practitioner.user.name} ({row.starts_on} – {row.last_day or '…'})"
