"""What the clinic itself demands before a session may be booked: qualification and approval.

Sources: guideline G0.1, G0.2, G1.1, G2.2, G10.1; 心理師法 §7, §8 (registration, renewal), §10
(approval); 民法 §12 (an adult at 18, since 2023-01-01).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.dates import ADULT, age_on
from clinic.kernel.readiness import (
    IN_PERSON,
    Answer,
    Met,
    Missing,
    NotApplicable,
    Phase,
    Planned,
    facts,
    requirement,
)
from clinic.organisation.models import Room
from clinic.staff.models import ApprovedPerson, Credential, Practitioner

CERTIFICATE, LICENCE = Credential.Kind.CERTIFICATE, Credential.Kind.PRACTICE_LICENCE


@dataclass(frozen=True)
class ApprovalFact:
    """An approval in force on the day that names the counsellor."""

    number: str
    channels: frozenset[str]
    premises: frozenset[int]
    age_floor: int = 18
    names_partner: bool = True


@dataclass(frozen=True)
class ClinicFacts:
    """What the clinic knows of one planned session. Dates are last days of validity."""

    certified: bool
    licence_until: date | None
    overseer_licence_until: date | None
    guideline_followed: str
    approvals: tuple[ApprovalFact, ...]
    premises_id: int | None
    licence_closed_at: str = ""  # premises closed since, where hers is registered


@facts("clinic")
def load(planned: Sequence[Planned], now: datetime) -> Mapping[Planned, ClinicFacts]:
    """Load facts with five queries, however many sessions are asked about."""
    users = {pk for p in planned for pk in (p.counsellor_id, *p.overseer_ids)}
    followed = dict(
        Practitioner.objects.filter(user__in=users).values_list("user_id", "guideline_followed")
    )
    papers = defaultdict(list)  # psychologists' alone: no other profession's covers an intern
    of_psychologists = Q(practitioner__kind__in=Practitioner.PSYCHOLOGISTS)
    for row in Credential.objects.on_file_of(users).filter(of_psychologists):
        papers[row.kind, row.practitioner.user_id].append(row)
    named = defaultdict(list)
    for person in ApprovedPerson.objects.of_users(users):
        named[person.practitioner.user_id].append(person)
    rooms = dict(Room.objects.filter(pk__in=_rooms(planned)).values_list("pk", "premises_id"))

    def facts_of(plan: Planned) -> ClinicFacts:
        day = timezone.localdate(plan.start)
        return ClinicFacts(
            certified=any(row.in_force(day) for row in papers[CERTIFICATE, plan.counsellor_id]),
            licence_until=_until(papers, [plan.counsellor_id], day),
            overseer_licence_until=_until(papers, plan.overseer_ids, day),
            guideline_followed=followed.get(plan.counsellor_id, ""),
            approvals=_approvals(named[plan.counsellor_id], day),
            premises_id=rooms.get(plan.room_id),
            licence_closed_at=_closed_at(papers[LICENCE, plan.counsellor_id], day),
        )

    return {plan: facts_of(plan) for plan in planned}


def _rooms(planned: Sequence[Planned]) -> set[int]:
    return {p.room_id for p in planned if p.room_id}


def _until(
    papers: Mapping[tuple[str, int], list[Credential]], users: Iterable[int], day: date
) -> date | None:
    """Return the last day of the licence of the first of ``users`` for whom one holds on ``day``."""
    rows = (row for user in users for row in papers[LICENCE, user])
    return next((row.last_day for row in rows if row.in_force(day) and row.holds), None)


def _closed_at(licences: Iterable[Credential], day: date) -> str:
    """Return the name of the closed premises at which the licence of ``day`` is registered."""
    rows = (row for row in licences if row.in_force(day) and not row.holds)
    return next((row.premises.name for row in rows), "")


def _approvals(people: list[ApprovedPerson], day: date) -> tuple[ApprovalFact, ...]:
    return tuple(
        ApprovalFact(
            person.approval.number,
            frozenset(person.approval.channels),
            frozenset(place.pk for place in person.approval.premises.all()),
            person.approval.age_floor,
            person.approval.names_partner,
        )
        for person in people
        if person.in_force(day) and person.approval.in_force(day)
    )


@requirement(
    "clinic.practitioner", _("Practitioner on file"), ["G0.1"], [Phase.BOOK], of_person=True
)
def practitioner(plan: Planned, known: ClinicFacts, now: datetime) -> Answer:
    """Everybody who gives the service is a practitioner of a known kind.

    The guideline binds telecounselling: face to face it is not asked.
    """
    if plan.channel == "in_person":
        return IN_PERSON
    if not plan.counsellor_kind:
        return Missing(_("the kind of practitioner is not on file"), _("Enter it for this person."))
    return Met(known.guideline_followed)


@requirement(
    "clinic.credential",
    _("Certificate and practice licence"),
    ["G1.1"],
    [Phase.BOOK],
    absolute=True,
    of_person=True,
)
def credential(plan: Planned, known: ClinicFacts, now: datetime) -> Answer:
    """The psychologist's certificate and licence (心理師法 §1, §7).

    An intern has neither: that of the psychologist on call counts (§42).
    """
    if plan.channel == "in_person":
        return IN_PERSON
    if plan.counsellor_kind == Practitioner.Kind.OTHER:
        return NotApplicable(_("another profession, under its own law"))
    intern = plan.counsellor_kind in Practitioner.INTERNS
    until = known.overseer_licence_until if intern else known.licence_until
    if until and not (intern or known.certified):
        return Missing(_("no psychologist certificate on file"), _("Enter the certificate."))
    if until:
        return Met(_("the supervisor's, until %s") % until if intern else until.isoformat())
    if intern:
        return Missing(
            _("no supervising psychologist with a practice licence in force"),
            _("Name a psychologist as supervisor, or enter her licence."),
        )
    if known.licence_closed_at:
        return Missing(
            _("the practice licence is registered at %s, which is closed")
            % known.licence_closed_at,
            _("Enter the licence with its new registration."),
        )
    return Missing(_("no practice licence in force on that day"), _("Enter the current licence."))


@requirement(
    "clinic.approval",
    _("Approval in force, with this person"),
    ["G10.1"],
    [Phase.BOOK],
    absolute=True,
    of_person=True,
)
def approval(plan: Planned, known: ClinicFacts, now: datetime) -> Answer:
    """An approval in force that names the person, the premises and a medical institution.

    Its plan of referral is with one, or the clinic is one; an older row may lack it.
    """
    if plan.channel == "in_person":
        return IN_PERSON
    if not known.approvals:
        return Missing(
            _("no approval in force names this person"), _("Add the person to the approval.")
        )
    here = _here(known)
    if not here:
        return Missing(
            _("the approval does not cover these premises"),
            _("Choose another room, or have the approval widened."),
        )
    fitting = [found for found in here if plan.channel in found.channels] or here
    if whole := [found for found in fitting if found.names_partner]:
        return Met(whole[0].number)
    return Missing(
        _("the approval on file names no medical institution for referral"),
        _("Enter it with the approval."),
    )


# Absolute, though it could be read as a mere condition: a way that the health bureau did not
# approve is telecounselling without approval (心理師法 §10).
@requirement(
    "clinic.channel",
    _("A way that the approval names"),
    ["G0.2"],
    [Phase.BOOK],
    absolute=True,
    of_person=True,
)
def channel(plan: Planned, known: ClinicFacts, now: datetime) -> Answer:
    """The approval names the way: video, telephone."""
    if plan.channel == "in_person":
        return IN_PERSON
    if not known.approvals:
        return NotApplicable(_("no approval in force names this person"))
    for found in _here(known):
        if plan.channel in found.channels:
            return Met(found.number)
    return Missing(
        _("the approval does not name this way"),
        _("Choose another way, or have the approval widened."),
    )


MINOR = Missing(
    _("under 18, and a guardian's decision on telecounselling cannot be recorded yet"),
    _(
        "Meet face to face at the clinic, or wait until this software can record the "
        "guardian's decision."
    ),
)


@requirement(
    "clinic.age_floor",
    _("Old enough for the approval"),
    ["G10.1"],
    [Phase.BOOK],
    absolute=True,
    of_person=True,
)
def age_floor(plan: Planned, known: ClinicFacts, now: datetime) -> Answer:
    """Every participant has the minimum age of an approval that covers the session.

    Nobody under 18 (民法 §12: an adult since 2023-01-01), whatever the approval says: of a minor a
    guardian's consent may be needed (G2.2), and no decision of a guardian can be recorded yet.
    """
    if plan.channel == "in_person":
        return IN_PERSON
    fitting = [found for found in _here(known) if plan.channel in found.channels]
    if not fitting:
        return NotApplicable(_("no approval covers this session"))
    if not plan.participants:
        return NotApplicable(_("asked of each client"))
    youngest = max(person.birth_date for person in plan.participants)
    age = age_on(youngest, timezone.localdate(plan.start))
    floor = min(found.age_floor for found in fitting)
    if age < floor:
        return Missing(
            _("under the minimum age of %s years") % floor, _("Meet face to face at the clinic.")
        )
    if age < ADULT:
        return MINOR
    return Met(_("from %s years") % floor)


def _here(known: ClinicFacts) -> list[ApprovalFact]:
    """Return the approvals that cover the premises; all, where no room is chosen yet."""
    place = known.premises_id
    return [found for found in known.approvals if place is None or place in found.premises]
