"""The training log: adding to it, taking off, putting back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.files.examine import Content
from clinic.kernel.files.store import store
from clinic.staff.models import Practitioner
from supervision.models import TrainingEntry

OWN_ONLY = _("You enter your own training; administrators enter everybody's.")
TOLD = ("day", "category", "title", "organiser", "lecturer", "hours", "points")


def _may_write(by: User, practitioner: Practitioner) -> bool:
    return by.is_admin or by.pk == practitioner.user_id


def _ask_once(entry: TrainingEntry) -> None:
    """Refuse what is on the log already; held one after the other, for what is sent twice.

    Its proof is not compared: who enters a training again to add it has one training still.
    """
    Practitioner.objects.select_for_update().get(pk=entry.practitioner_id)
    same = {name: getattr(entry, name) for name in TOLD}
    others = TrainingEntry.objects.on_file().filter(practitioner=entry.practitioner, **same)
    if others.exclude(pk=entry.pk).exists():
        raise Refused(
            "training.known",
            _("This training is on the log already."),
            _("To enter it anew, take that one off first. If it is another, say so in its title."),
            field="title",
        )


@action("training.add", says=_("entered a training"))
def add_training(
    *,
    practitioner: Practitioner,
    values: Mapping[str, Any],
    proof: Content | None = None,
    by: User,
    now: datetime,
) -> TrainingEntry:
    """Enter a training that took place (G1.2). Refused for a day to come, and where it is known."""
    ask(_may_write(by, practitioner), OWN_ONLY)
    if values["day"] > timezone.localdate(now):
        raise Refused(
            "training.future",
            _("This day is still to come."),
            _("Enter a training once it took place."),
            field="day",
        )
    entry = TrainingEntry(practitioner=practitioner, entered_by=by, entered_at=now)
    changes = apply_changes(entry, values)
    _ask_once(entry)
    entry.proof = store(proof, by=by, now=now) if proof else None
    entry.save()
    record(practitioner.user, changes=changes, fields_of=entry._meta.label_lower)
    return entry


@action("training.withdraw", says=_("took a training off the log"))
def withdraw_training(*, entry: TrainingEntry, by: User, now: datetime) -> TrainingEntry:
    """Take an entry off the log; it stays in the history and can be put back."""
    ask(_may_write(by, entry.practitioner), OWN_ONLY)
    entry.withdrawn_at = now
    entry.save(update_fields=["withdrawn_at"])
    record(entry.practitioner.user, note=entry.title)
    return entry


@action("training.restore", says=_("put a training back on the log"))
def restore_training(*, entry: TrainingEntry, by: User, now: datetime) -> TrainingEntry:
    """Undo withdrawing. Refused where the same was entered anew meanwhile."""
    ask(_may_write(by, entry.practitioner), OWN_ONLY)
    _ask_once(entry)
    entry.withdrawn_at = None
    entry.save(update_fields=["withdrawn_at"])
    record(entry.practitioner.user, note=entry.title)
    return entry
