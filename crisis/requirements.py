"""What crisis demands before a session: a complete profile for the place of the day (G5.2, G5.3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.readiness import (
    Answer,
    Lapsing,
    Met,
    Missing,
    NotApplicable,
    ParticipantPlan,
    Phase,
    Planned,
    facts,
    requirement,
)
from clinic.people.models import Person
from crisis.models import CrisisProfile
from crisis.models.profiles import LOOK_AGAIN
from crisis.profiles.completeness import OUT_OF_HOURS, PROFILE, Gap, gaps_of
from crisis.profiles.matching import serving, spot_of


@dataclass(frozen=True)
class ProfileFact:
    """What is known of one participant at her place of the day."""

    gaps: tuple[Gap, ...]
    reviewed_on: date | None = None
    changed: bool = False

    def of(self, clause: str) -> list[Gap]:
        return [gap for gap in self.gaps if gap.clause == clause]


CrisisFacts = Mapping[int, ProfileFact]


@facts("crisis")
def load(planned: Sequence[Planned], now: datetime) -> Mapping[Planned, CrisisFacts]:
    """Load facts by participant; the same number of queries, however many sessions are asked about."""
    ids = {part.person_id for plan in planned for part in plan.participants}
    people = Person.objects.prefetch_related("emergency_contacts").in_bulk(ids)
    profiles: dict[int, list[CrisisProfile]] = defaultdict(list)
    for profile in CrisisProfile.objects.whole().filter(person__in=ids):
        profiles[profile.person_id].append(profile)
    return {
        plan: {
            part.person_id: _fact(part, people[part.person_id], profiles[part.person_id])
            for part in plan.participants
            if part.person_id in people
        }
        for plan in planned
    }


def _fact(part: ParticipantPlan, person: Person, profiles: list[CrisisProfile]) -> ProfileFact:
    profile = serving(profiles, spot_of(part))
    gaps = tuple(gaps_of(profile, person))
    if profile is None:
        return ProfileFact(gaps)
    changed = any(choice.is_changed for choice in profile.choices.all())
    return ProfileFact(gaps, profile.reviewed_on, changed)


@requirement(
    "crisis.profile",
    gettext_lazy("Crisis profile for the place"),
    ["G5.2"],
    [Phase.PREPARE],
)
def profile(plan: Planned, known: CrisisFacts, now: datetime) -> Answer:
    """Each participant has a complete profile for where she is that day."""
    answer = _answer(plan, known, PROFILE)
    if not isinstance(answer, Met):
        return answer
    if any(fact.changed for fact in known.values()):
        return Lapsing(
            _("a crisis number has changed since the client was given it"),
            _("Tell the client, give her the new sheet, and save the crisis profile."),
        )
    oldest = min((fact.reviewed_on for fact in known.values() if fact.reviewed_on), default=None)
    if oldest and timezone.localdate(now) - oldest > LOOK_AGAIN:
        return Lapsing(
            _("the crisis profile was last reviewed on %(day)s") % {"day": oldest.isoformat()},
            _("Go through it with the client again."),
        )
    return answer


@requirement(
    "crisis.out_of_hours",
    gettext_lazy("Out-of-hours plan"),
    ["G5.3"],
    [Phase.PREPARE],
)
def out_of_hours(plan: Planned, known: CrisisFacts, now: datetime) -> Answer:
    """What each does when the clinic is closed is written down, with counsellors nearby."""
    return _answer(plan, known, OUT_OF_HOURS)


def _answer(plan: Planned, known: CrisisFacts, clause: str) -> Answer:
    if plan.channel == "in_person":
        return NotApplicable(_("not telecounselling"))
    if not plan.participants or any(not part.country for part in plan.participants):
        return Missing(_("no place of the client is known"), _("Add the place where she will be."))
    absent = Gap(clause, _("the client is not on file"), "")
    gaps = [
        gap
        for part in plan.participants
        for gap in (known[part.person_id].of(clause) if part.person_id in known else [absent])
    ]
    if not gaps:
        return Met()
    if len(gaps) == 1:
        return Missing(gaps[0].reason, gaps[0].remedy)
    words = _("; ").join(str(gap.reason) for gap in gaps)
    if any(part.place_id is None for part in plan.participants):
        return Missing(words, _("Add today's place in the client's file, then its crisis profile."))
    return Missing(words, _("Complete the crisis profile of the place."))
