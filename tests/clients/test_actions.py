"""What may be done with clients, by whom, and what the history says of it."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from clinic.cases.models import Case, Participant
from clinic.clients import actions
from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.history import entries_about, history
from clinic.people.models import EmergencyContact, Person

LEAST = {"name": "江小滿", "sex": "female", "birth_date": date(1992, 5, 20)}


def told(*subjects):
    """The history of these records in words, newest first."""
    return [(line.who, line.text, line.details) for line in history(entries_about(*subjects))]


def test_a_client_is_registered_by_whoever_adds_her(person, counsellor):
    assert (person.name, person.registered_by) == ("江小滿", counsellor)
    assert told(person) == [("guyu", "added the client", [])]


def test_an_administrator_does_not_add_clients(admin, now):
    with pytest.raises(NotAllowed) as refused:
        actions.register_client(values=LEAST, by=admin, now=now)
    assert str(refused.value) == "Only psychologists and interns add clients."
    assert Person.objects.count() == 0


def test_a_change_is_told_in_words_and_secrets_are_not(person, counsellor, town, now):
    values = {
        "name": "江大滿",
        "phone": "0000-000-012",
        "never_mail": True,
        "registered_town": town,
        "birth_date": date(1992, 5, 21),
    }
    actions.change_client(person=person, values=values, by=counsellor, now=now)
    who, text, details = told(person)[0]
    assert (who, text) == ("guyu", "changed the client's particulars")
    assert sorted(details) == [
        "Birth date: 1992-05-20 → 1992-05-21",
        "Name: 江小滿 → 江大滿",
        "Never write mail: no → yes",
        "Telephone changed (the content is not shown here)",
        "Township of household registration: Wenshan",
    ]
    person = Person.objects.get()
    assert (person.name, person.phone, person.registered_town) == ("江大滿", "0000-000-012", town)


def test_a_changed_email_address_is_found_again(person, counsellor, now):
    values = {"email": "daman@client.example"}
    actions.change_client(person=person, values=values, by=counsellor, now=now)
    assert list(Person.objects.found_by("daman@client.example")) == [person]
    assert list(Person.objects.found_by("xiaoman@client.example")) == []


def test_saving_without_a_change_says_so(person, counsellor, now):
    actions.change_client(person=person, values={"name": "江小滿"}, by=counsellor, now=now)
    assert told(person)[0][2] == ["Saved without a change."]


def test_a_stranger_changes_nothing(person, contact, case, stranger, now):
    attempts = [
        lambda: actions.change_client(person=person, values={"name": "x"}, by=stranger, now=now),
        lambda: actions.add_contact(person=person, values={}, by=stranger, now=now),
        lambda: actions.change_contact(contact=contact, values={}, by=stranger, now=now),
        lambda: actions.end_contact(contact=contact, by=stranger, now=now),
        lambda: actions.restore_contact(contact=contact, by=stranger, now=now),
        lambda: actions.open_case(person=person, by=stranger, now=now),
        lambda: actions.close_case(case=case, reason="x", by=stranger, now=now),
        lambda: actions.reopen_case(case=case, by=stranger, now=now),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert Person.objects.get().name == "江小滿"
    assert Case.objects.open().count() == EmergencyContact.objects.filter(ended_at=None).count()


def test_contacts_are_added_changed_ended_and_restored(person, contact, counsellor, now):
    actions.change_contact(
        contact=contact, values={"relation": "elder sister"}, by=counsellor, now=now
    )
    actions.end_contact(contact=contact, by=counsellor, now=now)
    assert EmergencyContact.objects.get().ended_at == now
    actions.restore_contact(contact=contact, by=counsellor, now=now)
    assert EmergencyContact.objects.get().ended_at is None
    assert told(contact) == [
        ("guyu", "restored an emergency contact", ["elder sister"]),
        ("guyu", "ended an emergency contact", ["elder sister"]),
        ("guyu", "changed an emergency contact", ["Relation: sister → elder sister"]),
        ("guyu", "added an emergency contact", ["sister"]),
    ]


def test_ending_a_contact_twice_keeps_the_first_moment(contact, counsellor, now, days):
    actions.end_contact(contact=contact, by=counsellor, now=now)
    actions.end_contact(contact=contact, by=counsellor, now=now + days(1))
    assert EmergencyContact.objects.get().ended_at == now


def test_an_ended_contact_is_not_changed(contact, counsellor, now):
    actions.end_contact(contact=contact, by=counsellor, now=now)
    with pytest.raises(Refused) as refused:
        actions.change_contact(contact=contact, values={"relation": "x"}, by=counsellor, now=now)
    assert str(refused.value) == (
        "This emergency contact is no longer used. Please restore it first."
    )


def test_a_case_is_opened_with_the_user_as_its_psychologist(case, person, counsellor, now):
    assert (case.counsellor, case.modality, case.opened_at) == (counsellor, "individual", now)
    part = Participant.objects.get()
    assert (part.case, part.person, part.role, part.left_at) == (case, person, "client", None)
    assert told(case) == [("guyu", "opened the case", [])]
    assert told(person)[0] == ("guyu", "opened the case", [case.code])


def test_a_second_open_case_with_the_same_psychologist_is_refused(case, person, counsellor, now):
    with pytest.raises(Refused) as refused:
        actions.open_case(person=person, by=counsellor, now=now)
    assert str(refused.value) == (
        f"You already have the open case {case.code} with this client. "
        "Please go on with that one, or close it first."
    )
    assert Case.objects.count() == 1


def test_another_case_may_follow_a_closed_one_but_not_beside_it(case, person, counsellor, now):
    actions.close_case(case=case, reason="goals reached", by=counsellor, now=now)
    second = actions.open_case(person=person, by=counsellor, now=now)
    with pytest.raises(Refused) as refused:
        actions.reopen_case(case=case, by=counsellor, now=now)
    assert refused.value.code == "case.second"
    assert list(Case.objects.open()) == [second]


def test_a_case_is_closed_with_a_reason_and_reopened(case, person, counsellor, now):
    actions.close_case(case=case, reason="goals reached", by=counsellor, now=now)
    closed = Case.objects.get()
    assert (closed.closed_at, closed.closed_reason) == (now, "goals reached")
    actions.reopen_case(case=case, by=counsellor, now=now)
    again = Case.objects.get()
    assert (again.closed_at, again.closed_reason) == (None, "")
    assert told(case) == [
        ("guyu", "reopened the case", []),
        ("guyu", "closed the case", ["goals reached"]),
        ("guyu", "opened the case", []),
    ]
    assert told(person)[1] == ("guyu", "closed the case", [case.code])


def test_closing_or_reopening_twice_is_refused(case, counsellor, now):
    with pytest.raises(Refused) as refused:
        actions.reopen_case(case=case, by=counsellor, now=now)
    assert str(refused.value) == "This case is open already."
    actions.close_case(case=case, reason="goals reached", by=counsellor, now=now)
    with pytest.raises(Refused) as refused:
        actions.close_case(case=case, reason="again", by=counsellor, now=now)
    assert str(refused.value) == "This case is closed already."


def child(person, now):
    person.birth_date = date(now.year - 15, 1, 1)
    person.save(update_fields=["birth_date"])
    return person


def test_under_the_minimum_age_a_case_needs_the_confirmation(person, approval, counsellor, now):
    with pytest.raises(Refused) as refused:
        actions.open_case(person=child(person, now), by=counsellor, now=now)
    assert refused.value.field == "in_person_only"
    assert refused.value.remedy == (
        "Please confirm that the case is for face-to-face counselling only."
    )
    assert Case.objects.count() == 0


def test_the_confirmation_stands_in_the_history_of_the_case(person, approval, counsellor, now):
    case = actions.open_case(person=child(person, now), in_person_only=True, by=counsellor, now=now)
    ((_who, _text, (note,)),) = told(case)
    assert note == (
        "For face-to-face counselling only: The client is 15 years old. Every approval in force "
        "asks for more (approval 示範核字第 0001 號: from 18 years), so telecounselling is not "
        "allowed. Face-to-face counselling at the clinic is."
    )


def test_without_an_approval_a_case_may_be_opened_for_any_age(person, counsellor, now):
    case = actions.open_case(person=child(person, now), by=counsellor, now=now)
    assert told(case)[0][2] == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_eight_requests_at_once_open_one_case(person, counsellor, now):
    ready, outcomes = Barrier(8), []

    def attempt():
        ready.wait()
        try:
            outcomes.append(actions.open_case(person=person, by=counsellor, now=now).code)
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case = Case.objects.get()
    assert sorted(outcomes) == sorted([case.code, *["case.second"] * 7])
    assert Participant.objects.count() == 1
