"""The people of an approval whose last day moves. Nobody is named beyond the approval's own end."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
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
    people = ApprovedPerson.objects.named_in(approval).filter(beyond)
    if later := [row for row in people if row.starts_on >= end]:
        raise Refused(
            "approval.begins_later",
            _("The time of these people in it begins only after this day: %(names)s.")
            % {"names": str(_(", ")).join(_names(later))},
            _("Choose a later last day."),
            field="last_day",
        )
    return _move(people, approval, changes)


def go_on_with(approval: Approval, before: DateRange, changes: dict[str, Any]) -> list[str]:
    """Let those who ended together with the approval go on to its new end; return their names.

    Whose time ended earlier has left it, and is not named again by a longer approval.
    """
    old, new = before.upper, approval.period.upper
    if old is None or (new is not None and new <= old):
        return []
    people = ApprovedPerson.objects.named_in(approval).filter(period__endswith=old)
    return _move(people, approval, changes)


def endings_between(start: date, end: date) -> list[tuple[Approval, date, list[str]]]:
    """Last days between the two, both included: the approval, the day, and whose place ends then.

    Left out are those who see no clients any more, and those whom other approvals name from the
    next day on for the same premises and ways. Also approvals that name nobody. Four queries.
    """
    ending = ApprovedPerson.objects.ending_between(start, end).by_name()
    rows = list(ending.exclude(practitioner__user__in=User.objects.who_left()))
    named = defaultdict(list)
    for row in ApprovedPerson.objects.of_users(row.practitioner.user_id for row in rows):
        named[row.practitioner_id].append(row)
    found = defaultdict(list)
    for row in rows:
        if not _followed(row, named[row.practitioner_id]):
            found[row.approval, row.last_day].append(row.practitioner.user.name)
    for approval in Approval.objects.ending_between(start, end).filter(people=None):
        found[approval, approval.last_day] = []
    order = sorted(found, key=lambda key: (key[1], key[0].pk))
    return [(approval, day, found[approval, day]) for approval, day in order]


def _followed(row: ApprovedPerson, places: Iterable[ApprovedPerson]) -> bool:
    """Whether ``places`` of the same person cover on the day after what this one covers."""
    covers = {place.pk: _covers(place) for place in places}
    next_day = [covers[place.pk] for place in places if place.in_force(row.period.upper)]
    return bool(next_day) and covers[row.pk] <= set().union(*next_day)


def _covers(place: ApprovedPerson) -> set[tuple[int, str]]:
    approval = place.approval
    return {(here.pk, channel) for here in approval.premises.all() for channel in approval.channels}


def _move(rows: Iterable[ApprovedPerson], approval: Approval, changes: dict[str, Any]) -> list[str]:
    """Give ``rows`` the approval's end, say so in ``changes``, and return the names."""
    people = list(rows)
    if not people:
        return []
    before = [_shown(row) for row in people]
    for row in people:
        row.period = DateRange(row.starts_on, approval.period.upper)
    ApprovedPerson.objects.bulk_update(people, ["period"])
    changes["people"] = [before, [_shown(row) for row in people]]
    return _names(people)


def _names(people: Iterable[ApprovedPerson]) -> list[str]:
    return list(dict.fromkeys(row.practitioner.user.name for row in people))


def _shown(row: ApprovedPerson) -> str:
    return f"{row.practitioner.user.name} ({row.starts_on} – {row.last_day or '…'})"
