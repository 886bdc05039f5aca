"""The last day of a supervision: today, or the day on which it ended."""

from datetime import timedelta

import pytest

from clinic.kernel.audit.history import history
from clinic.kernel.audit.models import AuditEntry
from clinic.staff import actions
from clinic.staff.models import Oversight
from tests.staff.conftest import DAY, NOON, period
from tests.staff.test_actions import oversee, refusal


@pytest.mark.parametrize(
    ("before", "last"),
    [
        ((-9, None), 0),
        ((-9, 9), 0),
        ((0, None), 0),
        ((5, None), 5),
        ((-9, None), -4),
        ((-9, 0), -9),
    ],
)
def test_a_supervision_ends_today_or_on_the_day_it_ended(supervisor, intern, admin, before, last):
    row = oversee(supervisor, intern, admin, *before)
    actions.end_oversight(oversight=row, last_day=DAY + timedelta(last), by=admin, now=NOON)
    assert Oversight.objects.get().period == period(before[0], last)


@pytest.mark.parametrize(
    ("before", "last", "code"),
    [
        ((-9, None), 1, "oversight.ahead"),
        ((5, None), 6, "oversight.ahead"),
        ((-9, None), -10, "oversight.before"),
        ((5, None), 0, "oversight.before"),
        ((-9, -1), 0, "staff.ended"),
        ((-9, 0), 0, "staff.ended"),
    ],
)
def test_a_supervision_ends_on_no_other_day(supervisor, intern, admin, before, last, code):
    row, day = oversee(supervisor, intern, admin, *before), DAY + timedelta(last)
    assert refusal(actions.end_oversight, oversight=row, last_day=day, by=admin)[0] == code
    assert Oversight.objects.get().period == period(*before)


def test_the_history_tells_which_last_day_was_entered(supervisor, intern, admin):
    row = oversee(supervisor, intern, admin, -9)
    actions.end_oversight(oversight=row, last_day=DAY - timedelta(4), by=admin, now=NOON)
    ended = history(AuditEntry.objects.about(intern))[0]
    assert (ended.text, ended.details) == (
        "ended a supervision",
        ["Period: 2026-11-12 – … → 2026-11-12 – 2026-11-17", "lichun"],
    )
