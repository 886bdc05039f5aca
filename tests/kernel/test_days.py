"""Days that forms take."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.kernel.fields import DayField, PeriodMixin


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
