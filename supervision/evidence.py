"""Dated records of learning that answer clauses outside of any one session."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.kernel.evidence import Way, evidence
from supervision.models import TrainingEntry


def opens(rows: Sequence[TrainingEntry], user: Any) -> dict[int, Way]:
    """Return the way to the logs that the reader sees; two queries."""
    of_user = TrainingEntry.objects.filter(pk__in=[row.pk for row in rows]).members()
    seen = set(User.objects.visible_to(user).values_list("pk", flat=True))
    return {
        pk: Way(_("training log"), reverse("training_list", args=[member]))
        for pk, member in of_user.items()
        if member in seen
    }


@evidence("supervision.training_log", _("Trainings on file"), ["G1.2"], opens)
def training_log() -> QuerySet:
    """Trainings of every practitioner, with hours, points and proof; the newest first."""
    return TrainingEntry.objects.on_file().newest_first()
