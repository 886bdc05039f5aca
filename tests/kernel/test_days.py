"""Days that forms take."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from clinic.kernel.fields import DayField, PeriodMixin, PracticeDayField


@pytest.mark.parametrize("typed", ["9999-12-31", "民國8088年12月31日", "３３３３-12-31"])
def test_a_day_that_nobody_can_mean_is_refused(typed):
    with pytest.raises(ValidationError):
        DayField().clean(typed)


def test_a_period_may_end_on_the_last_day_that_is_taken():
    last = date(timezone.localdate().year + 100, 12, 31)
    form = PeriodMixin({"starts_on": "2026-01-01", "last_day": last.isoformat()})
    assert form.is_valid()
    assert form.period.upper == last + timedelta(days=1)
    assert not PeriodMixin({"starts_on": "2026-01-01", "last_day": "9999-12-31"}).is_valid()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("26-01-01", "“26-01-01” was read as ROC year 26, 1937; please write the year in full."),
        (" 150301 ", "“150301” was read as ROC year 15, 1926; please write the year in full."),
        ("90/11/20", "“90/11/20” was read as ROC year 90, 2001; please write the year in full."),
        ("民國26年1月1日", "Please check the year."),
        ("2001-11-20", "Please check the year."),
    ],
)
def test_nothing_is_practised_by_before_there_were_psychologists_by_law(typed, said):
    before = "This is before the Psychologists Act (2001-11-21). "
    for data in ({"starts_on": typed, "last_day": "2030-01-01"}, {"last_day": typed}):
        with override("en"):
            errors = PeriodMixin({"starts_on": "2001-11-21"} | data).errors
        assert [*errors.values()] == [[before + said]]


@pytest.mark.parametrize("typed", ["90/11/21", "2001-11-21", "民國115年1月1日", "115-01-01"])
def test_the_day_of_the_act_and_later_ones_are_taken(typed):
    assert PracticeDayField().clean(typed) == DayField().clean(typed)


def test_a_day_of_any_other_kind_may_lie_before_the_act():
    assert DayField().clean("26-01-01") == date(1937, 1, 1)
