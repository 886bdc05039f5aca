"""What the list of staff says of training in telecounselling (G1.2)."""

from datetime import date

import pytest

from clinic.kernel.columns import Cell
from supervision.columns import training_of
from tests.supervision.test_requirements import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(admin, now, settings):
    """``shown(member)`` is what the column says of her."""
    settings.LANGUAGE_CODE = "en"
    return lambda member: training_of([member], admin, now).cells[member.pk]


def test_with_training_on_file(counsellor, shown):
    enter(counsellor, date(2026, 1, 10))
    assert shown(counsellor) == Cell("go", "since 2026-01-10", f"/staff/{counsellor.pk}/training/")


def test_without(counsellor, shown):
    assert shown(counsellor) == Cell("stop", "none on file", f"/staff/{counsellor.pk}/training/")


def test_training_of_another_kind_does_not_count(counsellor, shown):
    enter(counsellor, date(2026, 1, 10), category="ethics")
    assert shown(counsellor).state == "stop"


def test_who_is_no_practitioner_is_not_asked(admin, shown):
    assert shown(admin) == Cell("none", "not a practitioner")
