"""The clinic's approvals of telecounselling, and whom they name (G10.1, 心理師法 §10 proviso)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.constraints import refusing
from clinic.organisation.actions import set_no_approval_yet
from clinic.organisation.models import Clinic, Premises
from clinic.staff.approval_people import end_with, go_on_with
from clinic.staff.counties import ask_in_county
from clinic.staff.models import Approval, ApprovedPerson, Practitioner

ADMINS_ONLY = _("Only administrators change approvals.")
PARTNER_ASKED = _("Please name the medical institution of the co-operation plan for referral.")


def _outside(approval: Approval, first: date) -> Refused:
    """At the last day where the first one lies inside the approval."""
    if approval.last_day is not None and approval.in_force(first):
        return Refused(
            "approval.outside",
            _("The approval lasts until %(day)s only.") % {"day": approval.last_day.isoformat()},
            _("Please give that day as the last one, or an earlier day."),
            field="last_day",
        )
    return Refused(
        "approval.outside",
        _("The approval does not hold for all of this time."),
        _("Choose dates within the approval's own."),
        field="starts_on",
    )


@action("approval.save", says=_("changed the approval"))
def save_approval(
    *,
    approval: Approval,
    values: Mapping[str, Any],
    premises: Sequence[Premises],
    by,
    now: datetime,
) -> Approval:
    """Add or change an approval. Whoever it names ends with it, or goes on with it.

    Refused where it would begin after people it names, for premises in another county, and without
    the medical institution of its co-operation plan (G10.1): who is none needs a plan with one, who
    is one enters its own name.
    """
    ask(by.is_admin, ADMINS_ONLY)
    changes = apply_changes(approval, values)
    _ask_partner(approval)
    known = [*approval.premises.all()] if approval.pk else []
    _ask_county(approval, changes, known, premises)
    twice = Refused(
        "approval.twice", _("This county's approval number is already on file."), field="number"
    )
    before = Approval.objects.select_for_update().filter(pk=approval.pk).first()
    # First: people never stand outside of their approval.
    moved = end_with(approval, changes) if before else []
    with refusing(approval_once=twice, person_within_approval=_begun_before()):
        approval.save()
    if before:
        moved += go_on_with(approval, before.period, changes)
    approval.premises.set(premises)
    if {*known} != {*premises}:
        changes["premises"] = [sorted(p.name for p in known), sorted(p.name for p in premises)]
    record(approval, changes=changes)
    clinic = Clinic.the_one()
    if clinic and clinic.no_approval_yet:
        set_no_approval_yet(none_yet=False, by=by, now=now)
    approval.moved_people = moved
    return approval


def _begun_before() -> Refused:
    return Refused(
        "approval.begun_before",
        _("The approval names people from before this day."),
        _("Choose an earlier first day."),
        field="starts_on",
    )


def _ask_county(
    approval: Approval, changes: Mapping[str, Any], known: Sequence, premises: Sequence
) -> None:
    """Premises that it names already, their address corrected since, are left alone."""
    new_county = {"county", "county_id"} & {*changes}
    ask_in_county(approval.county_id, [p for p in premises if new_county or p not in known])


def _ask_partner(approval: Approval) -> None:
    if not approval.names_partner:
        raise Refused(
            "approval.no_partner",
            PARTNER_ASKED,
            _("A medical institution enters its own name."),
            field="medical_partner",
        )


@action("approval.name_person", says=_("added a person to the approval"))
def name_person(
    *, approval: Approval, practitioner: Practitioner, period: DateRange, by, now: datetime
) -> ApprovedPerson:
    """Name a practitioner in an approval, for a time within it."""
    ask(by.is_admin, ADMINS_ONLY)
    row = ApprovedPerson(approval=approval, practitioner=practitioner, period=period)
    twice = Refused(
        "approval.person_twice",
        _("The approval already names this person for part of this time."),
        field="practitioner",
    )
    outside = _outside(approval, period.lower)
    with refusing(approved_once_a_day=twice, person_within_approval=outside):
        row.save()
    record(approval, note=practitioner.user.name)
    return row


@action("approval.end_person", says=_("ended a person's place in the approval"))
def end_person(*, person: ApprovedPerson, by, now: datetime) -> ApprovedPerson:
    """End a person's place with today as the last day; one that has not begun is taken out."""
    ask(by.is_admin, ADMINS_ONLY)
    Approval.objects.select_for_update().get(pk=person.approval_id)  # its end may be moving
    row = ApprovedPerson.objects.filter(pk=person.pk).by_name().first()
    if row is None:
        raise Refused("approval.taken_out", _("This person was taken out already."))
    today, name = timezone.localdate(now), row.practitioner.user.name
    if row.starts_on > today:
        record(row.approval, note=name, said=_("Taken out before the first day."))
        row.delete()
        return row
    row.period = row.ended_after(today)
    row.save(update_fields=["period"])
    record(row.approval, note=name)
    return row
