"""The register of what places abroad allow (G10.1): adding, replacing, reviewing again.

An entry is never changed: a newer one takes its place, and the old one stays in the history.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.constraints import refusing
from sessions.models import Jurisdiction

ADMINS_ONLY = _("Only administrators keep this register.")
KEPT = ("receive", "give", "conditions", "source")


@action("jurisdiction.add", says=_("entered the law of a place"))
def add_jurisdiction(*, values: Mapping[str, Any], by: User, now: datetime) -> Jurisdiction:
    """Enter a place abroad. Refused where the place is in the register already."""
    ask(by.is_admin, ADMINS_ONLY)
    return _enter(values, by, now)


@action("jurisdiction.replace", says=_("replaced the law of a place"))
def replace_jurisdiction(
    *, jurisdiction: Jurisdiction, values: Mapping[str, Any], by: User, now: datetime
) -> Jurisdiction:
    """End an entry and put a new one in its place. Refused where another already did."""
    ask(by.is_admin, ADMINS_ONLY)
    return _after(jurisdiction, values, by, now)


@action("jurisdiction.review", says=_("reviewed the law of a place again"))
def review_jurisdiction(
    *, jurisdiction: Jurisdiction, source: str, reviewed_on: date, by: User, now: datetime
) -> Jurisdiction:
    """Say that an entry was read again and still holds. Refused for a day before its last review."""
    ask(by.is_admin, ADMINS_ONLY)
    if reviewed_on < jurisdiction.reviewed_on:
        raise Refused(
            "jurisdiction.earlier",
            _("This day lies before the last review, %(day)s.") % {"day": jurisdiction.reviewed_on},
            field="reviewed_on",
        )
    values = {name: getattr(jurisdiction, name) for name in KEPT}
    values |= {"source": source, "reviewed_on": reviewed_on}
    return _after(jurisdiction, values, by, now)


def _after(
    jurisdiction: Jurisdiction, values: Mapping[str, Any], by: User, now: datetime
) -> Jurisdiction:
    old = Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
    if old.ended_at:
        raise Refused(
            "jurisdiction.ended",
            _("This entry was replaced meanwhile."),
            _("Open the place again and look at the newest."),
        )
    old.ended_at = now
    old.save(update_fields=["ended_at"])
    return _enter({"country": old.country, "region": old.region, **values}, by, now)


def _enter(values: Mapping[str, Any], by: User, now: datetime) -> Jurisdiction:
    if values["reviewed_on"] > timezone.localdate(now):
        raise Refused(
            "jurisdiction.future",
            _("This day is still to come."),
            _("Give the day on which the rule was read."),
            field="reviewed_on",
        )
    row = Jurisdiction(reviewed_by=by)
    changes = apply_changes(row, values)
    twice = Refused(
        "jurisdiction.twice",
        _("This place is in the register already."),
        _("Open it there and replace the entry."),
        field="country",
    )
    with refusing(one_current_jurisdiction=twice):
        row.save()
    record(row, changes=changes)
    return row
