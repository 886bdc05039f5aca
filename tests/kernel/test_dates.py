"""Times as they are printed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils.translation import override

from clinic.kernel.dates import meeting, moment

TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("", "2026-11-24 14:00 (UTC+8)"),
        ("zh", "2026-11-24（二）14:00 臺北時間"),
        ("en", "Tue 2026-11-24 14:00 Taipei time"),
    ],
)
def test_a_time_to_keep_stands_with_its_weekday(language, said):
    assert moment(TUESDAY, language=language) == said


def test_the_weekday_is_that_of_the_place_where_it_is_read():
    assert moment(TUESDAY, ZoneInfo("Pacific/Honolulu"), language="en") == (
        "Mon 2026-11-23 20:00 (UTC-10)"
    )


def test_every_day_of_the_week_has_its_own():
    days = [moment(TUESDAY + timedelta(days=n), language="zh")[11] for n in range(7)]
    assert "".join(days) == "二三四五六日一"


@pytest.mark.parametrize(
    ("language", "today", "said"),
    [
        ("zh-hant", "2026-01-02", "11 月 24 日（二）14:00"),
        ("zh-hant", "2027-01-02", "2026 年 11 月 24 日（二）14:00"),
        ("en", "2026-01-02", "Tue 24 Nov 14:00"),
        ("en", "2027-01-02", "Tue 24 Nov 2026 14:00"),
    ],
)
def test_staff_read_when_they_meet_with_the_year_only_where_it_is_another(language, today, said):
    with time_machine.travel(today), override(language):
        assert meeting(TUESDAY) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hant", "2026 年 11 月 24 日（二）14:00"), ("en", "Tue 24 Nov 2026 14:00")],
)
def test_on_what_is_kept_the_year_stands_in_this_year_too(language, said):
    with time_machine.travel("2026-01-02"), override(language):
        assert meeting(TUESDAY, kept=True) == said
