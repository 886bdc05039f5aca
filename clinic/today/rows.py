"""What Today and the list of messages show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
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
    "document.render": gettext_lazy("sealed document"),
    "licence_expiry_30": gettext_lazy("licence ends within 30 days"),
}
TASKS = {
    "undeliverable": gettext_lazy("A message could not be delivered"),
    "no_address": gettext_lazy("A message has no mail address to go to"),
    "document_failed": gettext_lazy("A document could not be made"),
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


def messages_in(state: str) -> QuerySet[Outbox]:
    """Return messages in a state of the outbox, or all; the newest first."""
    return Outbox.objects.in_state(state)


def open_tasks(user: Any) -> QuerySet[Task]:
    """Return the stored to-dos that wait for ``user``."""
    return Task.objects.open_for(user)


def stored_tasks(user: Any) -> list[TaskRow]:
    """Return the stored to-dos of ``user``, the oldest first, at most fifty."""
    tasks = list(open_tasks(user)[:50])
    names = _names(task.about for task in tasks)
    return [
        TaskRow(
            task,
            str(TASKS.get(task.kind, task.kind)),
            _detail(task, names),
        )
        for task in tasks
    ]


def _detail(task: Task, names: dict[str, str]) -> str:
    if task.about.startswith("document:"):
        return _("Please ask for it again. If it fails again, tell whoever runs this software.")
    return _("To %(name)s. Please telephone.") % {"name": names.get(task.about, task.about)}
