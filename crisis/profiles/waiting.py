"""To-dos about crisis profiles: numbers that changed after the client was given them (G5.1)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.cases.access import cases_visible_to
from clinic.cases.models import Case, Participant
from clinic.kernel.roles import CLINICAL
from clinic.kernel.tasks.todo import Todo, todo
from crisis.models import CrisisProfile
from crisis.profiles.changed import changes_of

MOST = 50


@todo
def outdated_numbers(user: Any, now: datetime) -> Iterator[Todo]:
    """Profiles in open cases kept by ``user`` with a number that was corrected, hidden or withdrawn.

    Gone when the profile is saved again. One query where there is none.
    """
    if not user.has_role(*CLINICAL):
        return
    hers = cases_visible_to(user).kept_by(user).open()
    parts = Participant.objects.filter(case__in=hers, left_at=None, person=OuterRef("person"))
    rows = CrisisProfile.objects.with_outdated_numbers().whole()
    rows = rows.annotate(in_case=Subquery(parts.order_by("case").values("case")[:1]))
    profiles = list(rows.exclude(in_case=None)[:MOST])
    changed = changes_of(profiles)
    for profile in profiles:
        words = [row.words for row in changed[profile.pk]]
        yield Todo(
            "stop",
            "phone",
            _("A crisis number of the client in %(case)s has changed")
            % {"case": Case(pk=profile.in_case).code},
            _("%(what)s. Tell the client and give her the new sheet, then save the profile.")
            % {"what": _("; ").join(words) or _("It has to be confirmed first")},
            reverse("crisis_profile", args=[profile.person_id, profile.place_id]),
            _("Open the profile"),
        )
