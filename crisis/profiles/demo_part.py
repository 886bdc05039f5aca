"""The demo's crisis profiles: what the counsellors of the cast have filled in, and one half done."""

from datetime import datetime, timedelta

from django.utils import timezone

from clinic.accounts.models import User
from clinic.people.countries import TAIWAN
from clinic.people.models import Person
from clinic.people.places import Place
from crisis.models import Choice, Risk
from crisis.profiles.actions import Pick, Weighed, save_profile
from crisis.profiles.drafts import plan_draft
from crisis.profiles.proposals import first_choice, proposals_for

COMPLETE = (
    "江小滿",
    "何處暑",
    "鄭白露",
    "許秋分",
    "方霜降",
    "宋立冬",
    "高雨水",
    "游寒堃",
    "石大寒",
)
HALF_DONE = "賴小寒"
# Numbers of the block that the British regulator keeps for drama; nobody answers there.
LONDON = {
    Choice.Kind.HOSPITAL: Pick(name="示範醫院急診 (demo)", number="+44 7700 900 181"),
    Choice.Kind.POLICE: Pick(name="示範警局 (demo)", number="+44 7700 900 182"),
    Choice.Kind.FIRE: Pick(name="示範救護 (demo)", number="+44 7700 900 183"),
}


def crisis_profiles(members: dict[str, User], now: datetime) -> None:
    """Fill in the profiles, a week ago, each by the counsellor who registered the client."""
    then = now - timedelta(days=7)
    named = Person.objects.filter(name__in=(*COMPLETE, HALF_DONE)).select_related("registered_by")
    for place in Place.objects.in_use().filter(person__in=named).order_by("id"):
        by = place.person.registered_by
        if place.person.name == HALF_DONE:
            picks = {Choice.Kind.VILLAGE_CHIEF: Pick()}
            save_profile(place=place, values={}, picks=picks, risks={}, by=by, now=then)
        else:
            _complete(place, by, then)


def _complete(place: Place, by: User, now: datetime) -> None:
    proposed = proposals_for(place, now)
    first = {kind: first_choice(rows) for kind, rows in proposed.items()}
    picks = {kind: Pick(resource=row.resource) if row else Pick() for kind, row in first.items()}
    if place.country != TAIWAN:
        picks |= LONDON
    risks = {kind: Weighed(Risk.Level.NONE) for kind in Risk.Kind}
    values = {
        "limits_explained_on": timezone.localdate(now),
        "out_of_hours_plan": plan_draft(place),
        "nearby_words": "目前不需要轉介；附近的單位已一起看過。",
        "contact_words": "緊急聯絡人知道可能接到電話；只說處理狀況需要的事。",
    }
    save_profile(place=place, values=values, picks=picks, risks=risks, by=by, now=now)
