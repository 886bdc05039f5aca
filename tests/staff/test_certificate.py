"""A psychologist is booked for telecounselling with her certificate on file as well (G1.1)."""

import pytest

from clinic.kernel.readiness import Met, Missing
from clinic.staff.models import Credential
from clinic.staff.qualification import findings_on
from tests.house import certify
from tests.staff.conftest import DAY, NOON, give_licence, period, plan
from tests.staff.test_requirements import answer

LACKING = Missing("no psychologist certificate on file", "Enter the certificate.")
LICENSED = Met("2027-03-01")


@pytest.fixture
def licensed(counsellor, premises):
    """A psychologist with a practice licence alone."""
    give_licence(counsellor, premises)
    return counsellor


def test_a_licence_without_the_certificate_is_not_enough(licensed):
    before = answer("credential", plan(licensed))
    certify(licensed)
    assert (before, answer("credential", plan(licensed))) == (LACKING, LICENSED)


def test_a_certificate_counts_while_it_is_on_file_and_from_its_day(licensed):
    certify(licensed)
    mine = Credential.objects.filter(kind="certificate")
    for change, found in (
        ({"period": period(0, None)}, LICENSED),
        ({"period": period(1, None)}, LACKING),
        ({"period": period(-9, None), "withdrawn_at": NOON}, LACKING),
    ):
        mine.update(**change)
        assert answer("credential", plan(licensed)) == found


def test_anothers_certificate_is_not_hers(licensed, stranger):
    certify(stranger)
    assert answer("credential", plan(licensed)) == LACKING


def test_an_intern_has_none_and_needs_none(intern, supervisor, premises):
    give_licence(supervisor, premises)
    overseen = plan(intern, overseer_ids=(supervisor.pk,))
    assert answer("credential", overseen) == Met("the supervisor's, until 2027-03-01")


def test_the_list_of_staff_says_that_she_cannot_be_booked(licensed):
    found = {f.requirement.code: f.answer for f in findings_on([licensed], DAY, NOON)[licensed.pk]}
    assert found["clinic.credential"] == LACKING
