"""What supervision says in the list of staff: since when training in telecounselling is on file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.accounts.models import User
from clinic.kernel.columns import Cell, Column, column
from supervision.models import TrainingEntry


@column("staff", place=1)
def training_of(members: Sequence[User], user: Any, now: datetime) -> Column:
    """The first training that counts for G1.2, of each practitioner; one query."""
    first = TrainingEntry.objects.first_in(
        TrainingEntry.Category.TELECOUNSELLING, {who.pk for who in members}
    )
    cells = {}
    for member in members:
        if not hasattr(member, "practitioner"):
            cells[member.pk] = Cell("none", _("not a practitioner"))
            continue
        url = reverse("training_list", args=[member.pk])
        since = first.get(member.pk)
        words = _("since %s") % since if since else _("none on file")
        cells[member.pk] = Cell("go" if since else "stop", words, url)
    return Column(gettext_lazy("Training"), cells, clause="G1.2")
