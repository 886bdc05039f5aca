"""What consent demands before a session: the individual form in force, explained (G2.1, G4.1, G4.2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.dates import day_bounds
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
from consent.explained import explained_in
from consent.models import ReturnedPaper, Validity
from consent.of_age import SIGN_LATER, signed_of_age
from consent.replaced import replaced_at

GRACE = timedelta(days=30)  # after a newer version was published
CHECK_WITHIN = timedelta(days=14)  # after a paper form was entered; the clinic's own rule
UNDER_AGE = "under_age"  # beside ``Validity.Ended``: signed by a minor alone, it never counted
SIGN = _("Ask for it to be signed.")
ASK_ADMIN = _("Ask an administrator to compare it; it stands among the administrators' to-dos.")


def last_day(since: datetime, span: timedelta) -> date:
    """Return the last day on which something is good for ``span`` more: to its end, in Taipei."""
    return timezone.localdate(since + span)


def earliest(now: datetime, span: timedelta) -> datetime:
    """Return the first moment from which ``span`` more is still good today: ``last_day``, asked back."""
    return day_bounds(timezone.localdate(now))[0] - span


@dataclass(frozen=True)
class ConsentFacts:
    """What is known of the consents of one session's people.

    ``signed``: whose consent is in force, and when (UTC) a newer version of anything she signed was
    published, None for never. ``ended``: why the last consent of a person
    ended, or ``UNDER_AGE``. ``papers``: by person the form that she signed on paper. ``explained``: to whom a named person explained it.
    """

    signed: Mapping[int, datetime | None]
    ended: Mapping[int, str]
    papers: Mapping[int, ReturnedPaper]
    explained: frozenset[int]


@facts("consent")
def load(planned: Sequence[Planned], now: datetime) -> Mapping[Planned, ConsentFacts]:
    """Load facts with two queries, however many sessions are asked about."""
    cases = {plan.case_id for plan in planned if plan.case_id}
    rows = Validity.objects.filter(case__in=cases, form="individual")
    rows = rows.annotate(replaced_at=replaced_at("signature__request"))
    rows = rows.annotate(of_age=signed_of_age("signature"))
    signed: dict[int, dict[int, datetime | None]] = defaultdict(dict)
    ended: dict[int, dict[int, str]] = defaultdict(dict)
    papers: dict[int, dict[int, ReturnedPaper]] = defaultdict(dict)
    for row in rows.select_related("signature__request__paper").order_by("pk"):
        if row.ended_by or not row.of_age:
            ended[row.case_id][row.signer_id] = row.ended_by or UNDER_AGE
            continue
        request = row.signature.request
        signed[row.case_id][row.signer_id] = row.replaced_at
        if request.returned_paper:
            papers[row.case_id][row.signer_id] = request.returned_paper
    explained: dict[int, set[int]] = defaultdict(set)
    for case, person in explained_in(cases):
        explained[case].add(person)
    return {
        plan: ConsentFacts(
            signed=dict(signed[plan.case_id]),
            ended=dict(ended[plan.case_id]),
            papers=dict(papers[plan.case_id]),
            explained=frozenset(explained[plan.case_id]),
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
    ends = {known.ended[pk] for pk in unsigned if pk in known.ended}
    if Validity.Ended.WITHDRAWN in ends:
        return Missing(_("the consent was withdrawn"), _("Talk with the client before going on."))
    if Validity.Ended.INVALIDATED in ends:
        return Missing(_("the paper form did not agree with what was entered"), SIGN)
    if UNDER_AGE in ends:
        words = _("the client signed while under 18, which does not count")
        return Missing(words, SIGN_LATER)
    if unsigned or not plan.participants:
        return Missing(_("the consent form is not signed yet"), _("Send it, or remind the client."))
    return Met()


@requirement(
    "consent.current_version", _("Consent on the current version"), ["G4.1"], [Phase.PREPARE]
)
def current_version(plan: Planned, known: ConsentFacts, now: datetime) -> Answer:
    """A signature on a replaced version counts for thirty days more, and shows that it ends.

    Replaced is also what was signed together with the form: the agreement, the notice.
    """
    signed = _who(plan) & set(known.signed)
    if plan.channel == "in_person" or not signed:
        return NotApplicable(_("nothing signed yet"))
    replaced = [moment for pk in signed if (moment := known.signed[pk])]
    if not replaced:
        return Met()
    until = last_day(min(replaced), GRACE)
    if timezone.localdate(now) <= until:
        words = _("a newer version has replaced the signed one; good until %s")
        return Lapsing(words % until.isoformat(), SIGN)
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


@requirement(
    "consent.paper_checked", _("Paper form compared by a second person"), ["G4.2"], [Phase.PREPARE]
)
def paper_checked(plan: Planned, known: ConsentFacts, now: datetime) -> Answer:
    """What one person entered from paper is compared by another within fourteen days."""
    papers = [known.papers[pk] for pk in _who(plan) if pk in known.papers]
    if plan.channel == "in_person" or not papers:
        return NotApplicable(_("nothing signed on paper"))
    waiting = [paper.uploaded_at for paper in papers if paper.checked_at is None]
    if not waiting:
        return Met()
    until = last_day(min(waiting), CHECK_WITHIN)
    if timezone.localdate(now) <= until:
        words = _("nobody has compared the paper form yet; good until %s")
        return Lapsing(words % until.isoformat(), ASK_ADMIN)
    return Missing(_("nobody has compared the paper form with its scan"), ASK_ADMIN)
