"""Who practises here: practitioners, credentials, who oversees whom."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.actions import change_account, invite
from clinic.accounts.models import User
from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.constraints import refusing
from clinic.staff.counties import ask_in_county
from clinic.staff.models import Credential, Oversight, Practitioner
from clinic.staff.supervised import last_act

ADMINS_ONLY = _("Only administrators change this.")


@action("staff.invite", says=_("added to the staff"))
def invite_member(
    *, email: str, name: str, roles: Sequence[str], language: str, practice: Mapping, by, now
) -> User:
    """Invite a member of staff; ``practice`` describes the practitioner, empty for none."""
    user = invite(email=email, name=name, roles=roles, language=language, by=by, now=now)
    record(user)
    if practice:
        set_practitioner(user=user, practice=practice, by=by, now=now)
    return user


@action("staff.set_practitioner", says=_("changed the practitioner's particulars"))
def set_practitioner(*, user: User, practice: Mapping[str, Any], by, now: datetime) -> Practitioner:
    """Write kind, languages and, for another profession, the guideline followed (G0.1)."""
    ask(by.is_admin, ADMINS_ONLY)
    row = Practitioner.objects.filter(user=user).first() or Practitioner(user=user)
    changes = apply_changes(row, practice)
    row.save()
    record(user, changes=changes, fields_of=row._meta.label_lower)
    return row


@action("staff.change", says=_("changed name, roles or kind of practitioner"))
def change_member(
    *, user: User, name: str, roles: Sequence[str], practice: Mapping, by, now: datetime
) -> User:
    """Change the account and the practitioner in one step."""
    change_account(user=user, name=name, roles=roles, by=by, now=now)
    if practice:
        set_practitioner(user=user, practice=practice, by=by, now=now)
    return user


def practitioner_of(user: User) -> Practitioner:
    """Return the practitioner of an account. Refused when it has none."""
    found = Practitioner.objects.filter(user=user).first()
    if found is None:
        raise Refused(
            "staff.no_practitioner",
            _("The kind of practitioner is not on file."),
            _("Enter it first under name and roles."),
        )
    return found


def _overlap() -> Refused:
    return Refused(
        "staff.overlapping_licence",
        _("There is already a practice licence for part of this time."),
        _("A psychologist is registered at one place at a time. Check the dates of both."),
        field="starts_on",
    )


@action("credential.save", says=_("changed a certificate or licence"))
def save_credential(
    *, credential: Credential, values: Mapping[str, Any], by, now: datetime
) -> Credential:
    """Add or change a credential (G1.1).

    Refused are two practice licences at a time, and one of another county than its premises; those
    whose address was corrected since do not stand in the way of another change.
    """
    ask(by.is_admin, ADMINS_ONLY)
    changes = apply_changes(credential, values)
    if credential.names_place and {"kind", "county", "county_id", "premises"} & {*changes}:
        ask_in_county(credential.county_id, [credential.premises])
    with refusing(one_practice_licence_a_day=_overlap()):
        credential.save()
    _record_about(credential.practitioner, credential, changes)
    return credential


@action("credential.withdraw", says=_("took a certificate or licence off the file"))
def withdraw_credential(*, credential: Credential, by, now: datetime) -> Credential:
    """Take a credential off the file; it stays in the history and can be put back."""
    ask(by.is_admin, ADMINS_ONLY)
    credential.withdrawn_at = now
    credential.save(update_fields=["withdrawn_at"])
    _record_about(credential.practitioner, credential, {})
    return credential


@action("credential.restore", says=_("put a certificate or licence back on the file"))
def restore_credential(*, credential: Credential, by, now: datetime) -> Credential:
    """Undo withdrawing. Refused when another licence has taken its time."""
    ask(by.is_admin, ADMINS_ONLY)
    credential.withdrawn_at = None
    with refusing(one_practice_licence_a_day=_overlap()):
        credential.save(update_fields=["withdrawn_at"])
    _record_about(credential.practitioner, credential, {})
    return credential


def _record_about(practitioner: Practitioner, row: Credential, changes: dict) -> None:
    shown = changes | {"kind": [None, row.kind]} if changes else changes
    said = None if changes else Credential.Kind(row.kind).label
    record(practitioner.user, changes=shown, said=said, fields_of=row._meta.label_lower)


@action("oversight.add", says=_("named a supervisor"))
def add_oversight(
    *, overseen: User, overseer: User, kind: str, period: DateRange, by, now: datetime
) -> Oversight:
    """Say who oversees whom. What the overseer may see follows from it."""
    ask(by.is_admin, ADMINS_ONLY)
    if overseen == overseer:
        raise Refused("oversight.self", _("Nobody supervises herself."), field="overseer")
    row = Oversight(overseen=overseen, overseer=overseer, kind=kind, period=period)
    twice = Refused(
        "oversight.twice",
        _("This supervision is already on file for part of this time."),
        _("End the other one first, or choose other dates."),
        field="starts_on",
    )
    with refusing(
        oversight_clinical_once=twice, oversight_site_once=twice, oversight_course_once=twice
    ):
        row.save()
    record(overseen, note=overseer.name, said=Oversight.Kind(kind).label)
    return row


@action("oversight.end", says=_("ended a supervision"))
def end_oversight(*, oversight: Oversight, last_day: date, by, now: datetime) -> Oversight:
    """End a supervision with today or an earlier day as its last; one not begun is cut to its first.

    Refused before a day on which the supervisor acted as such, for example signed under a note.
    """
    ask(by.is_admin, ADMINS_ONLY)
    row = Oversight.objects.with_names().select_for_update(of=("self",)).get(pk=oversight.pk)
    today = timezone.localdate(now)
    _ask_last_day(row, last_day, today)
    changes = apply_changes(row, {"period": row.ended_after(last_day)})
    row.save(update_fields=["period"])
    record(row.overseen, changes=changes, note=row.overseer.name, fields_of=row._meta.label_lower)
    return row


def _ask_last_day(row: Oversight, last_day: date, today: date) -> None:
    def refused(code: str, message: Any, remedy: Any = "") -> Refused:
        return Refused(f"oversight.{code}", message, remedy, field="last_day")

    if last_day > max(today, row.starts_on):
        raise refused(
            "ahead", _("This day is still to come."), _("Choose today or an earlier day.")
        )
    if last_day < row.starts_on:
        raise refused("before", _("The last day lies before the first."))
    if acted := last_act(row, last_day):
        message = _(
            "On %(day)s the supervisor still signed, confirmed or looked at something, "
            "or began a session, as such."
        )
        remedy = _("Choose that day or a later one.")
        raise refused("relied_on", message % {"day": acted.isoformat()}, remedy)
