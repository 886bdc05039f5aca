"""What the clinic does with the directory beside loading it."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.constraints import refusing
from clinic.kernel.roles import Role
from crisis.directory.hours import read_hours
from crisis.directory.loading import numbers_of, openings_for, phones_for
from crisis.directory.numbers import Number, read_numbers
from crisis.models import Confirmation, Opening, Report, Resource, ResourcePhone
from crisis.models.directory import OWN_FILE

CORRECTED = ("name", "hours", "edited", "numbers_since")  # what a correction changes
ONLY_ADMINS = _("Only an administrator may change the directory.")


@action("directory.add", says=_("added to the directory"))
def add_resource(*, values: dict[str, Any], by: User, now: datetime) -> Resource:
    """Add an entry of the clinic's own. ``values`` as the form gives them, with ``phones``."""
    ask(by.has_role(Role.ADMIN), ONLY_ADMINS)
    today = timezone.localdate(now)
    resource = Resource(
        status=Resource.Status.SHOWN,
        level=Resource.Level.TOWN if values["town_id"] else Resource.Level.COUNTY,
        source_file=OWN_FILE,
        source_key=str(uuid4()),
        source=by.name,
        source_date=today,
        source_dated=today.isoformat(),
        numbers_since=now,
    )
    _set(resource, values)
    resource.save(force_insert=True)
    _keep_numbers(resource, _numbers(resource, values["phones"])[0])
    Opening.objects.bulk_create(openings_for(resource))
    record(resource, note=values["phones"])
    return resource


@action("directory.change", says=_("changed the entry"))
def change_resource(
    *, resource: Resource, values: dict[str, Any], by: User, now: datetime
) -> Resource:
    """Correct name, numbers or hours. What differs from the source is kept through reloads.

    :param resource: as the writer's page was compared with; refused where it is another by now.
    """
    ask(by.has_role(Role.ADMIN), ONLY_ADMINS)
    compared, resource = resource, _locked(resource)
    _ask_unchanged(resource, compared)
    before = numbers_of(resource)
    hours = resource.hours
    changes = _set(resource, values)
    numbers, _note = _numbers(resource, values["phones"])
    if numbers != before:
        changes["phones"] = [_line(before), _line(numbers)]
        resource.numbers_since = now
    if not resource.is_own:
        _mark_edits(resource, values["phones"])
    resource.save()
    if numbers != before:
        resource.phones.all().delete()
        _keep_numbers(resource, numbers)
    if resource.hours != hours:
        resource.openings.all().delete()
        Opening.objects.bulk_create(openings_for(resource))
    record(resource, changes=changes)
    return resource


def _set(resource: Resource, values: dict[str, Any]) -> dict[str, list]:
    """Set the plain columns and what follows from them; return what changed."""
    columns = {name: value for name, value in values.items() if name != "phones"}
    changes = apply_changes(resource, columns)
    resource.always_open = read_hours(resource.hours).always
    resource.phone_note = _numbers(resource, values["phones"])[1]
    return changes


def _numbers(resource: Resource, cell: str) -> tuple[list[Number], str]:
    county = resource.county.name_zh if resource.county else ""
    return read_numbers(cell, county, short=True)


def _mark_edits(resource: Resource, cell: str) -> None:
    """Note where the clinic's words differ from the source's; where they agree, the source rules."""
    said = {
        "name": (resource.name, resource.source_name),
        "phones": (cell, resource.source_phone),
        "hours": (resource.hours, resource.source_hours),
    }
    resource.edited = [name for name, (ours, theirs) in said.items() if ours != theirs]


def _keep_numbers(resource: Resource, numbers: list[Number]) -> None:
    ResourcePhone.objects.bulk_create(phones_for(resource, numbers))


def _line(numbers: list[Number]) -> str:
    return "、".join(number.shown for number in numbers)


@action("directory.hide", says=_("hid the entry"))
def hide_resource(*, resource: Resource, by: User, now: datetime) -> Resource:
    """Take an entry off every list; a reload does not bring it back."""
    ask(by.has_role(Role.ADMIN), ONLY_ADMINS)
    resource = _locked(resource)
    if resource.hidden_at is None:
        resource.hidden_by, resource.hidden_at = by, now
        resource.save(update_fields=["hidden_by", "hidden_at"])
    record(resource)
    return resource


@action("directory.show", says=_("showed the entry again"))
def show_resource(*, resource: Resource, by: User, now: datetime) -> Resource:
    """Put a hidden entry back on the lists."""
    ask(by.has_role(Role.ADMIN), ONLY_ADMINS)
    resource.hidden_by, resource.hidden_at = None, None
    resource.save(update_fields=["hidden_by", "hidden_at"])
    record(resource)
    return resource


def _locked(resource: Resource) -> Resource:
    """Return the entry as it is now, held against a load and whoever else changes it."""
    rows = Resource.objects.select_for_update(of=("self",)).select_related("county")
    return rows.get(pk=resource.pk)


def _ask_unchanged(resource: Resource, compared: Resource) -> None:
    """Refuse where a load or a colleague changed it in the same moment: neither is undone unseen."""
    if any(getattr(resource, name) != getattr(compared, name) for name in CORRECTED):
        raise Refused(
            "directory.changed",
            _("This entry was changed in this moment."),
            _("Please look at it again, then correct it once more."),
        )


def _ask_the_same_numbers(resource: Resource, seen: str | None) -> None:
    """Refuse where the numbers are others than those that were on the page: nobody rang them."""
    if seen is not None and seen != _locked(resource).numbers_since.isoformat():
        raise Refused(
            "directory.numbers_changed",
            _("The numbers of this entry were changed meanwhile."),
            _("Please look at them below first."),
        )


@action("directory.confirm", says=_("confirmed the number"))
def confirm_resource(
    *, resource: Resource, how: str, seen: str | None = None, by: User, now: datetime
) -> Confirmation:
    """Note that ``by`` rang the numbers or read them again at the source; answers the reports.

    ``seen`` is since when the numbers that ``by`` saw are on file, in ISO 8601.
    """
    ask(by.has_role(Role.ADMIN), ONLY_ADMINS)
    _ask_the_same_numbers(resource, seen)
    if how not in Confirmation.How:
        raise Refused(
            "directory.how", _("Please say how you checked it."), _("Rang it, or read it again.")
        )
    if not resource.is_shown:
        raise Refused(
            "directory.not_shown",
            _("This entry is not shown, so there is nothing to confirm."),
            _("Show it again first."),
        )
    confirmation = Confirmation.objects.create(
        resource=resource, how=how, by=by, on=timezone.localdate(now), at=now
    )
    record(resource, said=Confirmation.How(how).label)
    return confirmation


@action("directory.report", says=_("reported that it does not answer"))
def report_resource(
    *, resource: Resource, seen: str | None = None, by: User, now: datetime
) -> Report:
    """Note that it does not answer. Two reports make a warning and a to-do; ``seen`` as above."""
    ask(bool(by.roles), _("Only staff may report a number."))
    _ask_the_same_numbers(resource, seen)
    twice = Refused("directory.reported", _("You have reported this entry today already."))
    with refusing(one_report_a_day=twice):
        report = Report.objects.create(resource=resource, by=by, on=timezone.localdate(now), at=now)
    record(resource)
    return report
