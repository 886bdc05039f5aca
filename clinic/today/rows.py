"""What Today and the list of messages show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.accounts.models import User
from clinic.cases.access import people_visible_to
from clinic.kernel.documents.models import Document
from clinic.kernel.files.store import LOST
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.kernel.tasks.places import TaskPlace, places_of
from clinic.people.models import Person

FAILED = "document_failed"
TASKS = {
    "undeliverable": gettext_lazy("A message could not be delivered"),
    "no_address": gettext_lazy("A message has no mail address to go to"),
    FAILED: gettext_lazy("A document could not be made"),
    LOST: gettext_lazy("A stored file cannot be read"),
    "consent_locked": gettext_lazy("A client's birth date did not match five times"),
    "appointment_locked": gettext_lazy("A client's birth date did not match five times"),
}

# What is done after the client was reached.
THEN = {
    "consent_locked": gettext_lazy(
        "Correct the birth date on file if it is wrong. Then send the consent form again, on its "
        "page: that makes a new link."
    ),
    "appointment_locked": gettext_lazy("Then open the page again, on the page of the session."),
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
            row.kind_words,
            names.get(row.recipient) or _recipient_words(row.recipient),
            *row.status(now),
        )
        for row in messages
    ]


def _recipient_words(recipient: str) -> str:
    if recipient.startswith("person:"):  # a list of all messages names no client
        return _("client no. %(number)s") % {"number": recipient.removeprefix("person:")}
    return recipient or "–"


def _names(recipients: Iterable[str]) -> dict[str, str]:
    ids = {int(r.removeprefix("user:")) for r in recipients if r.startswith("user:")}
    return {user.actor_label: user.name for user in User.objects.filter(pk__in=ids)}


def _numbers(labels: Iterable[str]) -> set[int]:
    """The numbers of the clients among what rows are about."""
    return {int(label.removeprefix("person:")) for label in labels if label.startswith("person:")}


def _not_to_be_called(labels: Iterable[str]) -> set[str]:
    """Return the labels of the clients who expect no call; that is all that is told of them."""
    ids = _numbers(labels)
    people = Person.objects.filter(pk__in=ids).only("safe_channel") if ids else []
    return {person.actor_label for person in people if not person.may_be_called}


def _clients(labels: Iterable[str], user: Any) -> dict[str, str]:
    """Names of clients, for to-dos of one psychologist herself; those of a role show no name.

    Nor do hers where she sees the client no more, such as without her clinical role.
    """
    ids = _numbers(labels)
    people = people_visible_to(user).filter(pk__in=ids) if ids else []
    return {person.actor_label: person.name for person in people}


@dataclass(frozen=True)
class TaskRow:
    """A stored to-do as Today shows it."""

    task: Task
    title: str
    detail: str
    client_url: str = ""  # where her numbers and her safe way stand, for who may see her
    place: TaskPlace | None = None  # where it is worked on

    @property
    def button(self) -> str:
        return _("Ask for it again") if self.task.kind == FAILED else _("Done")


def messages_in(asked: dict[str, Any]) -> QuerySet[Outbox]:
    """Return the messages that the filters ask for, the newest first: ``state``, ``q``.

    Clients are found by their number alone: a list of all messages names none.
    """
    found = Outbox.objects.in_state(asked.get("state", ""))
    if text := asked.get("q"):
        staff = User.objects.found_by(text).values_list("pk", flat=True)
        found = found.to_any_of([f"person:{text}", *(f"user:{pk}" for pk in staff)])
    return found


def failed_document(task: Task) -> Document | None:
    """Return the document that a to-do asks to be made again; None for any other to-do."""
    if task.kind != FAILED:
        return None
    return Document.objects.filter(pk=task.about.removeprefix("document:")).first()


def open_tasks(user: Any) -> QuerySet[Task]:
    """Return the stored to-dos that wait for ``user``."""
    return Task.objects.open_for(user)


def stored_tasks(user: Any) -> list[TaskRow]:
    """Return the stored to-dos of ``user``, the oldest first, at most fifty."""
    tasks = list(open_tasks(user)[:50])
    clients = _clients((t.about for t in tasks if t.owner_id == user.pk), user)
    names = _names(task.about for task in tasks) | clients
    silent = _not_to_be_called(task.about for task in tasks)
    places = places_of(tasks, user)
    return [
        TaskRow(
            task,
            str(TASKS.get(task.kind, task.kind)),
            _detail(task, names, call=task.about not in silent),
            reverse("client", args=_numbers([task.about])) if task.about in clients else "",
            places.get(task.pk),
        )
        for task in tasks
    ]


def _detail(task: Task, names: dict[str, str], *, call: bool) -> str:
    if task.kind == FAILED:
        return _("Please ask for it again. If it fails again, tell whoever runs this software.")
    if task.kind == LOST:
        return _(
            "Please tell whoever runs this software: file %(name)s has to come back from the "
            "backup. If you have it, you can also send it in again."
        ) % {"name": task.about.removeprefix("file:")}
    told = (
        _("To %(name)s. Please telephone.") if call else _("To %(name)s. Please use the safe way.")
    )
    told = told % {"name": names.get(task.about) or _recipient_words(task.about)}
    if then := THEN.get(task.kind):
        return _("%(done)s %(told)s") % {"done": told, "told": then}
    return told
