"""The sessions that stored to-dos are about: a mail that reached nobody, a page that was closed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.kernel.tasks.places import TaskPlace
from sessions.access import seen_by
from sessions.client.opening_again import LOCKED

UNDELIVERED = ("undeliverable", "no_address")


def sessions_of(tasks: Sequence[Task], user: Any) -> Mapping[int, TaskPlace]:
    """Return the page of the session for each to-do about one that ``user`` sees."""
    about = _by_mail(tasks) | _by_link(tasks)
    if not about:
        return {}
    seen = {*seen_by(user).filter(pk__in=about.values()).values_list("pk", flat=True)}
    words = _("Go to the session")
    return {
        pk: TaskPlace(reverse("session", args=[number]), words)
        for pk, number in about.items()
        if number in seen
    }


def _by_mail(tasks: Sequence[Task]) -> dict[int, int]:
    """By to-do the session whose mail reached nobody."""
    mails = {task.pk: int(task.key) for task in tasks if task.kind in UNDELIVERED}
    rows = Outbox.objects.filter(pk__in=mails.values(), occasion__startswith="session:")
    found = dict(rows.values_list("pk", "occasion")) if mails else {}
    return {
        pk: int(found[mail].removeprefix("session:")) for pk, mail in mails.items() if mail in found
    }


def _by_link(tasks: Sequence[Task]) -> dict[int, int]:
    """By to-do the session whose page wrong birth dates closed for its client."""
    links = {task.pk: int(task.key.partition(":")[0]) for task in tasks if task.kind == LOCKED}
    rows = Link.objects.filter(pk__in=links.values(), purpose=Link.Purpose.APPOINTMENT)
    found = dict(rows.values_list("pk", "subject")) if links else {}
    return {pk: int(found[link].partition(":")[0]) for pk, link in links.items() if link in found}
