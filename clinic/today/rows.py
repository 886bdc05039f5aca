"""What Today and the list of messages show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.accounts.models import User
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task

KINDS = {
    "staff_invitation": gettext_lazy("invitation"),
    "password_reset": gettext_lazy("new password"),
    "licence_expiry_180": gettext_lazy("licence ends within 180 days"),
    "licence_expiry_90": gettext_lazy("licence ends within 90 days"),
    "licence_expiry_30": gettext_lazy("licence ends within 30 days"),
}
TASKS = {
    "undeliverable": gettext_lazy("A message could not be delivered"),
    "no_address": gettext_lazy("A message has no mail address to go to"),
}


@dataclass(frozen=True)
class MessageRow:
    """One message: what, to whom, how it stands."""

    message: Outbox
    kind: str
    recipient: str
    state: str
    words: str


def message_rows(messages: Iterable[Outbox], now: datetime) -> list[MessageRow]:
    """Put messages into words; one query for the staff they name. Clients stay keys."""
    messages = list(messages)
    names = _names(row.recipient for row in messages)
    return [
        MessageRow(
            row,
            str(KINDS.get(row.kind, row.kind)),
            names.get(row.recipient, row.recipient or "–"),
            *row.status(now),
        )
        for row in messages
    ]


def _names(recipients: Iterable[str]) -> dict[str, str]:
    ids = {int(r.removeprefix("user:")) for r in recipients if r.startswith("user:")}
    return {user.actor_label: user.name for user in User.objects.filter(pk__in=ids)}


@dataclass(frozen=True)
class TaskRow:
    """A stored to-do as Today shows it."""

    task: Task
    title: str
    detail: str


def stored_tasks(user: Any) -> list[TaskRow]:
    """Return the stored to-dos of ``user``, the oldest first, at most fifty."""
    tasks = list(Task.objects.open_for(user)[:50])
    names = _names(task.about for task in tasks)
    return [
        TaskRow(
            task,
            str(TASKS.get(task.kind, task.kind)),
            _("To %(name)s. Please telephone.") % {"name": names.get(task.about, task.about)},
        )
        for task in tasks
    ]
