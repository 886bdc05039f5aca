"""To-dos about the directory: numbers that do not answer, or wait for a confirmation (G5.1)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.kernel.roles import Role
from clinic.kernel.tasks.todo import Todo, todo
from crisis.models import Resource

MOST = 50


@todo
def empty_directory(user: Any, now: datetime) -> Iterator[Todo]:
    """Before the directory's files were brought in, no crisis profile can propose a number."""
    if user.has_role(Role.ADMIN) and not Resource.objects.exists():
        title, detail = _("The directory is empty"), _("To bring it in: manage.py load_directory")
        yield Todo("fix", "crisis", title, detail, reverse("directory"), _("Look"))


@todo
def to_be_confirmed(user: Any, now: datetime) -> Iterator[Todo]:
    """Entries held back until somebody rings them or reads them again. One query, as above."""
    if not user.has_role(Role.ADMIN):
        return
    if number := Resource.objects.held_back().count():
        words = ngettext(
            "%(number)s entry is shown to nobody before you confirm it",
            "%(number)s entries are shown to nobody before you confirm them",
            number,
        )
        yield Todo(
            "fix",
            "phone",
            words % {"number": number},
            _("Ring it, or read it again at the official page; then confirm or hide it."),
            f"{reverse('directory')}?listed=held",
            _("Look"),
        )


@todo
def numbers_to_check(user: Any, now: datetime) -> Iterator[Todo]:
    """Entries that two people or more found unanswered. One query, for administrators only."""
    if not user.has_role(Role.ADMIN):
        return
    for resource in Resource.objects.that_do_not_answer()[:MOST]:
        yield Todo(
            "fix",
            "phone",
            _("%(name)s does not answer") % {"name": resource.name},
            _("%(number)s reports. Check the number, then confirm, correct or hide it.")
            % {"number": resource.reported},
            reverse("resource", args=[resource.pk]),
            _("Check it"),
        )
