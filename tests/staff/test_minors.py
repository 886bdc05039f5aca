"""Who is under 18: stopped by telecommunication until a guardian's decision can be recorded."""

from datetime import timedelta

import pytest

from clinic.kernel.guideline import EXCUSES
from clinic.kernel.readiness import Met, Missing
from tests.staff.conftest import give_approval, plan
from tests.staff.test_requirements import ADULT, EIGHTEEN_TODAY, aged, answer

SEVENTEEN = EIGHTEEN_TODAY + timedelta(days=1)
FLOORS = pytest.mark.parametrize("floor", [0, 12, 16])


def test_the_stop_stands_while_nothing_answers_the_clause_on_minors():
    """What answers G2.2 takes the stop of clinic.age_floor over."""
    assert EXCUSES["G2.2"] == "not built yet"


@FLOORS
def test_a_minor_is_stopped_whatever_the_approval_allows(counsellor, premises, floor):
    give_approval(premises, counsellor, age_floor=floor)
    for people in (aged(SEVENTEEN), aged(ADULT, SEVENTEEN)):
        assert answer("age_floor", plan(counsellor, participants=people)) == Missing(
            "under 18, and a guardian's decision on telecounselling cannot be recorded yet",
            "Meet face to face at the clinic, or wait until this software can record the "
            "guardian's decision.",
        )


@FLOORS
def test_from_18_on_the_approval_alone_decides(counsellor, premises, floor):
    give_approval(premises, counsellor, age_floor=floor)
    grown = plan(counsellor, participants=aged(ADULT, EIGHTEEN_TODAY))
    assert answer("age_floor", grown) == Met(f"from {floor} years")
