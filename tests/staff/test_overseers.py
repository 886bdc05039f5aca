"""Who answers for an intern must be able to sign in."""

from clinic.accounts.actions import close_account
from clinic.kernel.readiness import Met, Missing
from clinic.staff.models import Oversight
from clinic.staff.qualification import findings_on
from tests.staff.test_requirements import DAY, NOON, give_licence, period


def test_a_supervisor_whose_account_is_closed_covers_nobody(intern, supervisor, admin, premises):
    give_licence(supervisor, premises)
    Oversight.objects.create(
        overseer=supervisor, overseen=intern, kind="clinical", period=period(-1, None)
    )

    def found() -> type:
        findings = findings_on([intern], DAY, NOON)[intern.pk]
        return {f.requirement.code: type(f.answer) for f in findings}["clinic.credential"]

    before = found()
    close_account(user=supervisor, by=admin, now=NOON)
    assert (before, found()) == (Met, Missing)
