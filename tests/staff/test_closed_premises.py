"""A practice licence lets her practise where it is registered: not where the clinic has closed."""

from clinic.kernel.readiness import IN_PERSON, Met, Missing
from clinic.organisation.actions import save_premises
from clinic.staff.models import Credential
from clinic.todo import unqualified
from tests.staff.conftest import DAY, NOON, give_papers, plan
from tests.staff.test_requirements import answer


def use(premises, admin, *, active: bool) -> None:
    save_premises(premises=premises, values={"active": active}, by=admin, now=NOON)


def test_a_licence_registered_at_closed_premises_is_missing(counsellor, premises, admin):
    give_papers(counsellor, premises)
    use(premises, admin, active=False)
    assert answer("credential", plan(counsellor)) == Missing(
        f"the practice licence is registered at {premises.name}, which is closed",
        "Enter the licence with its new registration.",
    )


def test_it_is_met_again_where_they_are_opened_again(counsellor, premises, admin):
    give_papers(counsellor, premises)
    for active in (False, True):
        use(premises, admin, active=active)
    assert answer("credential", plan(counsellor)) == Met("2027-03-01")


def test_in_person_it_is_not_asked(counsellor, premises, admin):
    give_papers(counsellor, premises)
    use(premises, admin, active=False)
    assert answer("credential", plan(counsellor, channel="in_person")) == IN_PERSON


def test_it_covers_no_intern(intern, supervisor, premises, admin):
    give_papers(supervisor, premises)
    overseen = plan(intern, overseer_ids=(supervisor.pk,))
    before = answer("credential", overseen)
    use(premises, admin, active=False)
    assert (before, answer("credential", overseen)) == (
        Met("the supervisor's, until 2027-03-01"),
        Missing(
            "no supervising psychologist with a practice licence in force",
            "Name a psychologist as supervisor, or enter her licence.",
        ),
    )
    assert not Credential.objects.let_practise(supervisor, DAY).exists()


def test_the_administrators_to_do_says_where_it_is_registered(counsellor, premises, admin):
    give_papers(counsellor, premises)
    use(premises, admin, active=False)
    said = [todo.title for todo in unqualified(admin, NOON)]
    why = f"the practice licence is registered at {premises.name}, which is closed"
    assert f"{counsellor.name}: {why}" in said
