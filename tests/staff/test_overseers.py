"""Who answers for an intern: a psychologist with a licence who can sign in (§42, G9.3)."""

import pytest

from clinic.accounts.actions import change_account, close_account
from clinic.accounts.models import User
from clinic.kernel.readiness import Answer, Met, Missing
from clinic.staff.models import Oversight, Practitioner
from clinic.staff.qualification import findings_on
from tests.staff.test_requirements import DAY, NOON, give_licence, period

NOBODY = Missing(
    "no supervising psychologist with a practice licence in force",
    "Name a psychologist as supervisor, or enter her licence.",
)


def oversee(intern: User, overseer: User, kind: str = "clinical") -> None:
    Oversight.objects.create(overseer=overseer, overseen=intern, kind=kind, period=period(-1, None))


def licence_for(intern: User) -> Answer:
    """What the list of staff says of the licence that covers ``intern``."""
    findings = findings_on([intern], DAY, NOON)[intern.pk]
    return {f.requirement.code: f.answer for f in findings}["clinic.credential"]


def test_a_supervisor_whose_account_is_closed_covers_nobody(intern, supervisor, admin, premises):
    give_licence(supervisor, premises)
    oversee(intern, supervisor)
    before = licence_for(intern)
    close_account(user=supervisor, by=admin, now=NOON)
    assert (type(before), licence_for(intern)) == (Met, NOBODY)


def test_a_supervisor_without_a_psychologists_role_covers_nobody(
    intern, supervisor, admin, premises
):
    give_licence(supervisor, premises)
    oversee(intern, supervisor)
    change_account(user=supervisor, name="lichun", roles=["admin"], by=admin, now=NOON)
    assert licence_for(intern) == NOBODY


def test_a_supervisor_of_another_profession_covers_nobody(intern, supervisor, premises):
    give_licence(supervisor, premises)
    oversee(intern, supervisor)
    other = {"kind": "other", "guideline_followed": "社會工作師法"}
    Practitioner.objects.filter(user=supervisor).update(**other)
    assert licence_for(intern) == NOBODY


@pytest.mark.parametrize("licensed", ["supervisor", "stranger"])
def test_of_two_supervisors_the_one_with_a_licence_covers_her(
    licensed, request, intern, supervisor, stranger, premises
):
    give_licence(request.getfixturevalue(licensed), premises)
    for overseer in (supervisor, stranger):
        oversee(intern, overseer)
    assert licence_for(intern) == Met("the supervisor's, until 2027-03-01")
