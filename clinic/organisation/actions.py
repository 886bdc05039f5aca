"""What the set-up page does. Every part may be changed later on the same page."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.roles import PSYCHOLOGISTS
from clinic.organisation.models import Clinic, OpeningHours, Premises, Room, clock
from clinic.organisation.setup import require_clinic

ADMINS_ONLY = _("Only administrators change the clinic's set-up.")


@action("clinic.save", says=_("changed the clinic's particulars"))
def save_clinic(*, values: Mapping[str, Any], by, now: datetime) -> Clinic:
    """Write the clinic's particulars; the first time this makes the clinic."""
    ask(by.is_admin, ADMINS_ONLY)
    _one_at_a_time()
    clinic = Clinic.objects.select_for_update(of=("self",)).first() or Clinic()
    old = apply_changes(clinic, values) if not clinic._state.adding else {}
    for name, value in values.items():
        setattr(clinic, name, value)
    clinic.save()
    record(clinic, changes=old)
    return clinic


@action("clinic.set_responsible", says=_("named the psychologist in charge"))
def set_responsible(*, user, by, now: datetime) -> Clinic:
    """Name the psychologist in charge (心理師法 §21): a psychologist of the clinic, not an intern."""
    ask(by.is_admin, ADMINS_ONLY)
    if not user.has_role(*PSYCHOLOGISTS):
        raise Refused(
            "clinic.responsible",
            _("The psychologist in charge must be a psychologist of the clinic."),
            field="responsible",
        )
    clinic = hold_clinic()
    record(clinic, changes=apply_changes(clinic, {"responsible": user}))
    clinic.save(update_fields=["responsible"])
    return clinic


@action("clinic.no_approval_yet", says=_("said whether there is an approval"))
def set_no_approval_yet(*, none_yet: bool, by, now: datetime) -> Clinic:
    """Say that there is no approval yet: everything but tele-sessions works."""
    ask(by.is_admin, ADMINS_ONLY)
    clinic = hold_clinic()
    record(clinic, changes=apply_changes(clinic, {"no_approval_yet": none_yet}))
    clinic.save(update_fields=["no_approval_yet"])
    return clinic


def _one_at_a_time() -> None:
    """Wait for another change of the same kind: rows that are not there yet cannot be locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('clinic.setup'))")


def hold_clinic() -> Clinic:
    """Return the clinic, held until the end of the transaction. Raises Refused before set-up."""
    require_clinic()
    return Clinic.objects.select_for_update(of=("self",)).get()


@action("clinic.set_hours", says=_("changed the opening hours"))
def set_hours(*, hours: Mapping[int, tuple[time, time]], by, now: datetime) -> None:
    """Replace the opening hours. ``hours``: weekday (1 = Monday) to opening and closing time."""
    ask(by.is_admin, ADMINS_ONLY)
    _one_at_a_time()
    OpeningHours.objects.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(weekday=day, opens=opens, closes=closes)
        for day, (opens, closes) in hours.items()
    )
    note = "、".join(f"{WEEKDAYS[day - 1]} {clock(a)}–{clock(b)}" for day, (a, b) in hours.items())
    record(Clinic.the_one() or Clinic(), note=note)  # may come before the particulars


@action("premises.save", says=_("changed the premises"))
def save_premises(*, premises: Premises, values: Mapping[str, Any], by, now: datetime) -> Premises:
    """Add or change premises. Refused when another one has the name.

    The history keeps under ``was`` where they were before: who is to come there is told of it.
    """
    ask(by.is_admin, ADMINS_ONLY)
    old = {"town": premises.town_id, "street": premises.street} if premises.pk else {}
    changes = apply_changes(premises, values)
    _save_once(premises, _("There are premises of this name already."))
    moved = old and old != {"town": premises.town_id, "street": premises.street}
    record(premises, changes=changes, **({"was": old} if moved else {}))
    return premises


@action("room.save", says=_("changed a counselling room"))
def save_room(*, room: Room, values: Mapping[str, Any], by, now: datetime) -> Room:
    """Add or change a counselling room. Refused when the premises have one of this name."""
    ask(by.is_admin, ADMINS_ONLY)
    changes = apply_changes(room, values)
    _save_once(room, _("These premises have a room of this name already."))
    record(room, changes=changes)
    return room


def _save_once(row, message: Any) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("clinic.twice", message, field="name") from error
