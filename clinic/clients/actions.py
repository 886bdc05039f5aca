"""What counsellors do with clients: register, change, whom to call in an emergency, cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.accounts.models import User
from clinic.cases.access import cases_visible_to, people_kept_by, people_visible_to
from clinic.cases.age_floor import floor_notice_on
from clinic.cases.models import Case, Participant
from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.roles import CLINICAL
from clinic.people.models import EmergencyContact, Person

NOT_YOURS = gettext_lazy("This client belongs to a case you do not work on.")
OWN_CASES = gettext_lazy("Only the psychologist of the case does this.")


def ask_to_change(person: Person, by) -> None:
    """Refuse unless ``by`` keeps the file of ``person``: who oversees her psychologist reads it."""
    ask(people_kept_by(by).filter(pk=person.pk).exists(), OWN_CASES)


@action("person.register", says=gettext_lazy("added the client"))
def register_client(
    *, values: Mapping[str, Any], another: bool = False, by, now: datetime
) -> Person:
    """Add a person. ``values`` are columns of Person, townships as rows.

    Refused where ``by`` sees a client of this name and birth date, unless it is ``another``: one
    person on two files has half a history on each. A form sent twice adds one, too.
    """
    ask(by.has_role(*CLINICAL), gettext_lazy("Only psychologists and interns add clients."))
    User.objects.select_for_update().get(pk=by.pk)  # what is sent twice comes one after the other
    if not another:
        _ask_new(values, by)
    person = Person(**values, registered_by=by, registered_at=now)
    person.save()
    record(person)
    return person


def _ask_new(values: Mapping[str, Any], by) -> None:
    same = {"name": values["name"], "birth_date": values["birth_date"]}
    if people_visible_to(by).filter(**same).exists():
        raise Refused(
            "person.known",
            _("A client of this name and birth date is on file."),
            _("Please open that file. If it is another person, tick that and save again."),
            field="another",
        )


@action("person.change", says=gettext_lazy("changed the client's particulars"))
def change_client(*, person: Person, values: Mapping[str, Any], by, now: datetime) -> Person:
    """Change a person's particulars; only columns that differ are written and noted."""
    ask_to_change(person, by)
    row = _locked(person)
    _write(row, values)
    return row


@action("contact.add", says=gettext_lazy("added an emergency contact"))
def add_contact(
    *, person: Person, values: Mapping[str, Any], by, now: datetime
) -> EmergencyContact:
    """Note whom to call for ``person`` (G5.2). Refused for a contact that is in use already."""
    ask_to_change(person, by)
    contact = EmergencyContact(person=_locked(person), **values)
    _ask_new_contact(contact)
    contact.save()
    record(contact, note=contact.relation)
    return contact


def _ask_new_contact(contact: EmergencyContact) -> None:
    told = (contact.name, contact.phones)
    if any((known.name, known.phones) == told for known in contact.person.contacts_in_use):
        raise Refused(
            "contact.known",
            _("This emergency contact is on file already."),
            _("The client's file shows it; it can be changed there."),
        )


@action("contact.change", says=gettext_lazy("changed an emergency contact"))
def change_contact(
    *, contact: EmergencyContact, values: Mapping[str, Any], by, now: datetime
) -> EmergencyContact:
    """Change an emergency contact that is in use."""
    row = _locked_contact(contact, by)
    if row.ended_at:
        raise Refused(
            "contact.ended",
            _("This emergency contact is no longer used."),
            _("Please restore it first."),
        )
    _write(row, values)
    return row


@action("contact.end", says=gettext_lazy("ended an emergency contact"))
def end_contact(*, contact: EmergencyContact, by, now: datetime) -> EmergencyContact:
    """No longer use a contact. It stays in the file; ``restore_contact`` undoes it."""
    return _set_end(contact, now, by)


@action("contact.restore", says=gettext_lazy("restored an emergency contact"))
def restore_contact(*, contact: EmergencyContact, by, now: datetime) -> EmergencyContact:
    """Use a contact again that was ended. Refused where an equal one is in use already."""
    row = _locked_contact(contact, by)
    if row.ended_at:
        _ask_new_contact(row)
    return _set_end(row, None, by)


def _set_end(contact: EmergencyContact, ended_at: datetime | None, by) -> EmergencyContact:
    row = _locked_contact(contact, by)
    if bool(row.ended_at) != bool(ended_at):
        row.ended_at = ended_at
        row.save(update_fields=["ended_at"])
    record(row, note=row.relation)
    return row


def _locked_contact(contact: EmergencyContact, by) -> EmergencyContact:
    ask_to_change(contact.person, by)
    return EmergencyContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)


def _write(row: Person | EmergencyContact, values: Mapping[str, Any]) -> None:
    """Write what differs and note it; a save without a change is noted as such."""
    if changes := apply_changes(row, dict(values)):
        row.save(update_fields=list(changes))
        record(row, changes=changes)
    else:
        record(row, said=gettext_lazy("Saved without a change."))


@action("case.open", says=gettext_lazy("opened the case"))
def open_case(*, person: Person, in_person_only: bool = False, by, now: datetime) -> Case:
    """Open an individual case of ``person`` with ``by`` herself as its psychologist.

    The person's row is locked, so that two requests at once make one case.

    :param in_person_only: confirmed: under the minimum age, for face-to-face counselling only.
    """
    ask(by.has_role(*CLINICAL), gettext_lazy("Only psychologists and interns open cases."))
    ask(people_visible_to(by).filter(pk=person.pk).exists(), NOT_YOURS)
    row = _locked(person)
    _refuse_second_case(row, by)
    note = _age_note(row, in_person_only, now)
    case = Case.objects.create(modality=Case.Modality.INDIVIDUAL, counsellor=by, opened_at=now)
    Participant.objects.create(case=case, person=row, role=Participant.Role.CLIENT, joined_at=now)
    record(case, note=note)
    record(row, note=case.code)
    return case


@action("case.close", says=gettext_lazy("closed the case"))
def close_case(*, case: Case, reason: str, by, now: datetime) -> Case:
    """Close a case. ``reason`` stands in the file; reopening undoes it."""
    row = _locked_case(case, by)
    if row.closed_at:
        raise Refused("case.closed", _("This case is closed already."))
    row.closed_at, row.closed_reason = now, reason
    row.save(update_fields=["closed_at", "closed_reason"])
    _record_all(row, why=reason)
    return row


@action("case.reopen", says=gettext_lazy("reopened the case"))
def reopen_case(*, case: Case, by, now: datetime) -> Case:
    """Go on with a case that was closed."""
    row = _locked_case(case, by)
    if not row.closed_at:
        raise Refused("case.open", _("This case is open already."))
    for person in _people_of(row):
        _refuse_second_case(_locked(person), by)
    row.closed_at, row.closed_reason = None, ""
    row.save(update_fields=["closed_at", "closed_reason"])
    _record_all(row)
    return row


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _people_of(case: Case) -> list[Person]:
    parts = case.participants.filter(left_at=None).select_related("person").order_by("person")
    return [part.person for part in parts]


def _record_all(case: Case, *, why: str = "") -> None:
    """Note what happened to a case in its own history and in that of its people."""
    record(case, why=why)
    for person in _people_of(case):
        record(person, note=case.code)  # the reason stays with the case: others may see the person


def _locked_case(case: Case, by) -> Case:
    ask(cases_visible_to(by).filter(pk=case.pk, counsellor=by).exists(), OWN_CASES)
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _refuse_second_case(person: Person, counsellor) -> None:
    running = Case.objects.open().individual_of(person, counsellor).first()
    if running:
        raise Refused(
            "case.second",
            _("You already have the open case %(code)s with this client.") % {"code": running.code},
            _("Please go on with that one, or close it first."),
        )


def _age_note(person: Person, in_person_only: bool, now: datetime) -> str:
    """Return what the case's history says about age; refuse where it was not confirmed."""
    notice = floor_notice_on(person.birth_date, timezone.localdate(now))
    if not (notice and notice.under):
        return ""
    if not in_person_only:
        raise Refused(
            "case.age_floor",
            notice.text,
            _("Please confirm that the case is for face-to-face counselling only."),
            field="in_person_only",
        )
    return _("For face-to-face counselling only: %(why)s") % {"why": notice.text}
