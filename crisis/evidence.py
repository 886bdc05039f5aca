"""Dated records of crisis that answer clauses outside of any one session."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.cases.access import people_visible_to
from clinic.kernel.evidence import Way, evidence
from crisis.models import CrisisProfile


def opens_profiles(rows: Sequence[CrisisProfile], user: Any) -> dict[int, Way]:
    """Return the way to the profiles of the people whom the reader sees; one query."""
    seen = set(
        people_visible_to(user)
        .filter(pk__in=[row.person_id for row in rows])
        .values_list("pk", flat=True)
    )
    return {
        row.pk: Way(
            _("client no. %(number)s") % {"number": row.person_id},
            reverse("crisis_profile", args=[row.person_id, row.place_id]),
        )
        for row in rows
        if row.person_id in seen
    }


@evidence(
    "crisis.profiles_reviewed",
    gettext_lazy("Crisis profiles gone through"),
    ["G5.1"],
    opens_profiles,
)
def profiles_reviewed() -> QuerySet:
    """Profiles that lack nothing, with the day and the person of their last review."""
    return CrisisProfile.objects.reviewed().complete()
