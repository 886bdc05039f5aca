"""Reading printed hours: only what is certain counts."""

from datetime import time

import pytest

from crisis.directory.hours import UNKNOWN, Hours, read_hours


def spans(days: str, *times: str) -> set:
    def clock(text: str) -> time:
        return time(int(text[:2]), int(text[2:]))

    return {(int(d), clock(t[:4]), clock(t[5:])) for d in days for t in times}


WEEK = "12345"
KNOWN = [
    ("週一~週五09:00-22:00", spans(WEEK, "0900-2200")),
    ("星期一至星期五 上午8:00至12:00 下午1:00至5:00", spans(WEEK, "0800-1200", "1300-1700")),
    ("週一至週五 早上8時至下午17時", spans(WEEK, "0800-1700")),
    (
        "每週一至週五(例假日休息)，上午8點至12點，下午1點半至5點半",
        spans(WEEK, "0800-1200", "1330-1730"),
    ),
    ("週一至週五：0800~1200；1330~1730", spans(WEEK, "0800-1200", "1330-1730")),
    (
        "週一至週五 上午9：00－12：00 14：00－17：00（例假日休息）",
        spans(WEEK, "0900-1200", "1400-1700"),
    ),
    (
        "週一至週五 8:00~12:00 13:00~17:00，週六、日及國定假日休息",
        spans(WEEK, "0800-1200", "1300-1700"),
    ),
    (
        "週一、三、五14:00-21:00，週六9:00-17:00，週日休息",
        spans("135", "1400-2100") | spans("6", "0900-1700"),
    ),
    ("週日、週二至週四10:00-20:00", spans("7234", "1000-2000")),
    ("週一至週五14:00-18:00、18:00-21:00", spans(WEEK, "1400-1800", "1800-2100")),
    ("週一至週五 13:00~21:00（預約制）", spans(WEEK, "1300-2100")),
    (
        "Mon-Sat 09:00-21:00; Sun 09:00-17:00",
        spans("123456", "0900-2100") | spans("7", "0900-1700"),
    ),
    ("weekdays 08:30-12:00, 13:30-17:30", spans(WEEK, "0830-1200", "1330-1730")),
    ("daily 07:00-23:00", spans("1234567", "0700-2300")),
]
NOT_KNOWN = [
    "",
    "-",
    "預約制",
    "採預約制，8:00-12:00；13:30-17:30",  # no days
    "上午診08：3012：00，下午診14：0017：00",  # the dashes were lost
    "週一 ~ 週五 上午 09:00 ~ 05:00",  # a morning that ends at five
    "週二至週五11:00–08:00",
    "週二、四14:00~17:00 8:00~21:00",  # one span within another
    "星期一五09:00~17:00",  # Monday and Friday, or a lost dash
    "週六(單週看診)15:00~18:00",
    "週一至週六10:00-21:00(週四公休)",  # says both
    "週一至週五 早、午、晚診",
    "週五至週一10:00-20:00",
    "週一至週五25:00-26:00",
    "週一至週五9:00-12:00，週六",
    "各科看診時間不一，詳見網站公告。",
    "http://www.cott.org.tw/time.html",
    "急診24小時服務",
]


@pytest.mark.parametrize(("printed", "expected"), KNOWN)
def test_hours_that_can_be_read(printed, expected):
    assert read_hours(printed) == Hours(spans=tuple(sorted(expected)))


@pytest.mark.parametrize("printed", ["24小時", "24h", "全年無休24小時"])
def test_always_open(printed):
    assert read_hours(printed) == Hours(always=True)


@pytest.mark.parametrize("printed", NOT_KNOWN)
def test_hours_that_are_not_certain_are_not_known(printed):
    assert read_hours(printed) == UNKNOWN
