"""What supervision demands before a session may be booked: training in telecounselling (G1.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.readiness import (
    Answer,
    Met,
    Missing,
    NotApplicable,
    Phase,
    Planned,
    facts,
    requirement,
)
from supervision.models import TrainingEntry


@dataclass(frozen=True)
class SupervisionFacts:
    """``trained_on``: the psychologist's first training in telecounselling; None for none."""

    trained_on: date | None = None


@facts("supervision")
def load(planned: Sequence[Planned], now: datetime) -> Mapping[Planned, SupervisionFacts]:
    """Load facts with one query, however many sessions are asked about."""
    users = {plan.counsellor_id for plan in planned}
    first = TrainingEntry.objects.first_in(TrainingEntry.Category.TELECOUNSELLING, users)
    return {plan: SupervisionFacts(first.get(plan.counsellor_id)) for plan in planned}


@requirement(
    "supervision.training",
    _("Training in telecounselling on file"),
    ["G1.2"],
    [Phase.BOOK],
    of_person=True,
)
def training(plan: Planned, known: SupervisionFacts, now: datetime) -> Answer:
    """At least one training in telecounselling before the session's day.

    Neither the guideline (G1.2) nor the ministry's principle as far as its text is known names a
    number of hours, so none is asked for.
    """
    if plan.channel == "in_person":
        return NotApplicable(_("face to face"))
    if known.trained_on and known.trained_on <= timezone.localdate(plan.start):
        return Met(_("since %s; no number of hours is prescribed") % known.trained_on)
    return Missing(
        _("no training in telecounselling is on file"),
        _("Enter one in the training log; no number of hours is prescribed."),
    )
