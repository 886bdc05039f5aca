"""Whom it is about, where no session says so: clients whom the reader sees."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.cases.access import in_case_state, people_visible_to
from clinic.cases.models import Participant
from clinic.kernel.roles import CLINICAL
from clinic.people.models import Person
from sessions.models import CounsellingSession

MOST = 30  # names on the page; with more, one searches


class ClientSearch(forms.Form):
    """The search box."""

    q = forms.CharField(label=_("Part of the name"), max_length=254, required=False)


@dataclass(frozen=True)
class Clients:
    """``people`` say by ``has_session`` whether they have one today; ``more``: not all are here."""

    people: list[Person]
    more: bool


def clients_in_question(user, text: str, now: datetime) -> Clients | None:
    """Return clients with an open case, those with a session today first; one query.

    What is searched for is found among all clients whom ``user`` sees. None: she sees clients
    by no role of hers.
    """
    if not user.has_role(*CLINICAL):
        return None
    seen = people_visible_to(user)
    people = seen.found_by(text) if text else in_case_state(seen, user, "open")
    today = CounsellingSession.objects.visible_to(user).standing()
    today = today.on_day(timezone.localdate(now)).values("case")
    here = Participant.objects.filter(person=OuterRef("pk"), left_at=None, case__in=today)
    people = people.annotate(has_session=Exists(here)).order_by("-has_session", "name", "pk")
    rows = list(people[: MOST + 1])
    return Clients(rows[:MOST], more=len(rows) > MOST)
