"""What consent demands before a session: the individual form in force, explained (G2.1, G4.1, G4.2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.readiness import (
    Answer,
    Lapsing,
    Met,
    Missing,
    NotApplicable,
    Phase,
    Planned,
    facts,
    requirement,
)
from consent.models import Explanation, FormVersion, Validity

GRACE = timedelta(days=30)  # after a newer version was published
SIGN = _("Ask for it to be signed.")


@dataclass(frozen=True)
class ConsentFacts:
    """``signed``: people of the session whose consent is in force, with its version's number.

    ``explained``: to whom a named person explained it; ``current`` is the newest version's number and ``since`` when it was published.
    """

    signed: Mapping[int, int]
    ended: frozenset[int]
    explained: frozenset[int]
    current: int
    since: datetime | None


@facts("consent")
def load(planned: Sequence[Planned], now: datetime) -> Mapping[Planned, ConsentFacts]:
    """Load facts with three queries, however many sessions are asked about."""
    newest = FormVersion.objects.current("individual")
    cases = {plan.case_id for plan in planned if plan.case_id}
    rows = Validity.objects.filter(case__in=cases, form="individual").select_related(
        "signature__request__version"
    )
    signed: dict[int, dict[int, int]] = defaultdict(dict)
    ended: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.ended_by:
            ended[row.case_id].add(row.signer_id)
        else:
            signed[row.case_id][row.signer_id] = row.signature.request.version.number
    explained: dict[int, set[int]] = defaultdict(set)
    told = Explanation.objects.filter(request__case__in=cases)
    for case, person in told.values_list("request__case", "request__signer").distinct():
        explained[case].add(person)
    return {
        plan: ConsentFacts(
            signed=dict(signed[plan.case_id]),
            ended=frozenset(ended[plan.case_id]),
            explained=frozenset(explained[plan.case_id]),
            current=newest.number if newest else 0,
            since=newest.published_at if newest else None,
        )
        for plan in planned
    }


def _who(plan: Planned) -> set[int]:
    return {person.person_id for person in plan.participants}


@requirement(
    "consent.in_force",
    _("Consent signed and in force"),
    ["G2.1", "G4.1", "G4.2"],
    [Phase.PREPARE],
    absolute=True,
)
def in_force(plan: Planned, known: ConsentFacts, now: datetime) -> Answer:
    """Everyone who takes part has signed, and the psychologist has countersigned."""
    if plan.channel == "in_person" or plan.modality != "individual":
        return NotApplicable(_("not individual telecounselling"))
    unsigned = _who(plan) - set(known.signed)
    if unsigned & known.ended:
        return Missing(_("the consent was withdrawn"), _("Talk with the client before going on."))
    if unsigned or not plan.participants:
        return Missing(_("the consent form is not signed yet"), _("Send it, or remind the client."))
    return Met()


@requirement(
    "consent.current_version", _("Consent on the current version"), ["G4.1"], [Phase.PREPARE]
)
def current_version(plan: Planned, known: ConsentFacts, now: datetime) -> Answer:
    """A signature on a replaced version counts for thirty days more, and shows that it ends."""
    signed = [known.signed[pk] for pk in _who(plan) if pk in known.signed]
    if plan.channel == "in_person" or not signed:
        return NotApplicable(_("nothing signed yet"))
    if min(signed) >= known.current:
        return Met()
    if now < known.since + GRACE:
        until = timezone.localdate(known.since + GRACE).isoformat()
        return Lapsing(
            _("a newer version has replaced the signed one; good until %s") % until, SIGN
        )
    return Missing(_("a newer version has replaced the signed one"), SIGN)


@requirement("consent.explained", _("Consent explained by a person"), ["G4.2"], [Phase.PREPARE])
def explained(plan: Planned, known: ConsentFacts, now: datetime) -> Answer:
    """Somebody named went through the items with everyone who takes part."""
    if plan.channel == "in_person" or plan.modality != "individual":
        return NotApplicable(_("not individual telecounselling"))
    if _who(plan) <= known.explained:
        return Met()
    return Missing(
        _("the explanation is not recorded yet"), _("Go through the items, and record it.")
    )
