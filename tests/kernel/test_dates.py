"""Times as they are printed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic.kernel.dates import moment

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
