"""What a case still needs."""

import pytest

from clinic.clients import actions
from clinic.clients.next_step import next_steps
from clinic.people.models import Person


def titles(case):
    parts = case.participants.select_related("person")
    return [str(step.title) for step in next_steps(case, parts)]


def test_a_contact_who_may_be_called_is_needed(case, contact, counsellor, now):
    assert titles(case) == []
    actions.change_contact(contact=contact, values={"do_not_contact": True}, by=counsellor, now=now)
    assert titles(case) == ["No emergency contact is noted"]


@pytest.mark.usefixtures("contact")
def test_a_way_to_reach_the_client_and_a_good_id_number_are_needed(case, person):
    row = Person.objects.get(pk=person.pk)
    row.phone = row.email = ""
    row.national_id = "A123456788"
    row.save(update_fields=["phone", "email", "national_id"])
    assert titles(case) == [
        "No way to reach the client is noted",
        "The ID number is doubtful",
    ]


def test_a_closed_case_needs_nothing(case, counsellor, now):
    closed = actions.close_case(case=case, reason="goals reached", by=counsellor, now=now)
    assert titles(closed) == []
