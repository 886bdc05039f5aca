"""A link that opens nothing: locked by five wrong birth dates, over, or of an address given up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.kernel.links.models import Link
from clinic.kernel.tasks.actions import finish_task
from clinic.kernel.tasks.models import Task
from clinic.kernel.tasks.places import TaskPlace
from clinic.people.birth_proof import is_locked
from consent.access import requests_visible_to
from consent.models import Request, State

LOCKED = "consent_locked"  # the kind of the to-do that the last wrong birth date leaves


def locked_link(request: Request) -> Link | None:
    """Return the link of a request if wrong birth dates locked it; one query."""
    links = Link.objects.filter(purpose=Link.Purpose.CONSENT, subject=request.occasion)
    return next((link for link in links.filter(closed_at=None) if is_locked(link)), None)


def needs_new_link(request: Request, now: datetime) -> bool:
    """Whether a link was mailed for a signed request, and opens nothing until the document is sealed.

    Before the signature a request is sent again at any time; after the seal its copy is.
    """
    if request.state not in (State.SIGNED, State.COUNTERSIGNED) or not request.mailed_to:
        return False
    live = Link.objects.live(Link.Purpose.CONSENT, request.occasion, now)
    return live is None or is_locked(live) or request.address_changed


def locked_at(link: Link) -> datetime | None:
    """Return when a locked link was locked, as its to-do says."""
    return _tasks_of(link).order_by("-due").values_list("due", flat=True).first()


def finish_locked(link: Link, by, now: datetime) -> None:
    """The link opens again: what asked ``by`` for it is done."""
    for task in _tasks_of(link) & Task.objects.open_for(by):
        finish_task(task=task, by=by, now=now)


def requests_of(tasks: Sequence[Task], user: Any) -> dict[int, TaskPlace]:
    """Return the page of the request for each to-do about a locked link that ``user`` sees."""
    links = {task.pk: int(task.key.partition(":")[0]) for task in tasks if task.kind == LOCKED}
    if not links:
        return {}
    rows = Link.objects.filter(pk__in=links.values(), purpose=Link.Purpose.CONSENT)
    about = {link.pk: int(link.subject.removeprefix("request:")) for link in rows}
    visible = requests_visible_to(user).filter(pk__in=about.values())
    seen = {*visible.values_list("pk", flat=True)}
    words = _("Go to the consent form")
    return {
        pk: TaskPlace(reverse("consent_request", args=[about[link]]), words)
        for pk, link in links.items()
        if about.get(link) in seen
    }


def _tasks_of(link: Link) -> QuerySet[Task]:
    return Task.objects.filter(kind=LOCKED, key__startswith=f"{link.pk}:")
