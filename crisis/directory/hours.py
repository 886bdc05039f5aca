"""Reading printed hours. Whoever reads them wrongly sends somebody to a closed door.

A cell is read only if every sign of it is understood: days, times, and a short list of remarks.
Anything else (a lost dash, morning hours that end at five, every other Saturday, a span that
overlaps another) gives no openings, and the page says that it does not know.
"""

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

Span = tuple[int, time, time]  # weekday (1 = Monday), from, until; Taipei time

ALWAYS = re.compile(r"(?:全年無休|全天候)?24(?:小時|h|hr|hrs|hours)(?:服務|全年無休)?")
DAYS = "一二三四五六日"
ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Remarks that leave the spans of an ordinary weekday as they are.
HOLIDAY = r"(?:國定例假日|國定假日|例假日)"
REMARK = re.compile(rf"採?全?預約制|{HOLIDAY}(?:除外|休息|休診|公休)")
REST = re.compile(rf"(?:及{HOLIDAY})?(?:均|皆)?(?:休息|休診|公休|未營業)")
TIME = (
    r"(?P<{0}p>上午|早上|早診|下午|午診|晚上|晚間|晚診|夜間|夜診)?診?:?"
    r"(?P<{0}h>\d{{1,2}})(?::(?P<{0}m>\d{{2}})|(?:時|點)(?P<{0}x>半|\d{{2}}分)?)"
)
SPAN = re.compile(TIME.format("a") + "-" + TIME.format("b"))
DAY_LIST = re.compile(
    r"週([一二三四五六日])(?:-週?([一二三四五六日]))?"
    r"((?:[、及和]週?[一二三四五六日](?:-週?[一二三四五六日])?)*)"
)
GAP = re.compile(r"[ ,;/、和及()]+|:(?!\d)")


@dataclass(frozen=True)
class Hours:
    """What printed hours say: open all day and night, some spans, or (neither) not known."""

    always: bool = False
    spans: tuple[Span, ...] = ()


UNKNOWN = Hours()


def read_hours(printed: str) -> Hours:
    """Read a cell of hours, in Chinese or in the English of the hotline file."""
    text = _plain(printed)
    if ALWAYS.fullmatch(text.replace(" ", "")):
        return Hours(always=True)
    try:
        spans, rests = _walk(text)
    except ValueError:  # something in it was not understood, or no such time
        return UNKNOWN
    if not _make_sense(spans, rests):
        return UNKNOWN
    return Hours(spans=tuple(sorted(spans)))


def _plain(printed: str) -> str:
    """Bring the many ways of writing the same to one; changes no figure."""
    text = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in printed.strip())
    text = re.sub(r"每?(?:星期|禮拜|週|周)", "週", text)
    text = re.sub(r"\s*(?:-|–|—|－|─|~|～|至|到)\s*", "-", text)
    text = text.replace("weekdays", "週一-週五").replace("daily", "週一-週日")
    for day, english in zip(DAYS, ENGLISH, strict=True):
        text = text.replace(english, f"週{day}")
    text = re.sub(
        r"(?<!\d)([01]\d|2[0-3])([0-5]\d)-([01]\d|2[0-3])([0-5]\d)(?!\d)", r"\1:\2-\3:\4", text
    )
    return re.sub(r"\s+", " ", re.sub(r"\s*:\s*", ":", text))


def _walk(text: str) -> tuple[list[Span], set[int]]:
    """Return spans and days of rest. Raises ValueError at the first thing not understood."""
    spans: list[Span] = []
    rests: set[int] = set()
    days: list[int] = []
    unused = False  # days that were named, but no time for them yet
    place = 0
    while place < len(text):
        rest = text[place:]
        if match := DAY_LIST.match(rest):
            if unused:
                raise ValueError("days without hours")
            days, unused = _days(match[0]), True
        elif match := SPAN.match(rest):
            if not days:
                raise ValueError("hours without days")
            spans += [(day, *_times(match)) for day in days]
            unused = False
        elif match := REST.match(rest):
            if not unused:
                raise ValueError("a rest without days")
            rests |= set(days)
            days, unused = [], False
        elif match := REMARK.match(rest) or GAP.match(rest):
            pass
        else:
            raise ValueError("not understood")
        place += match.end()
    if unused:
        raise ValueError("days without hours")
    return spans, rests


def _days(words: str) -> list[int]:
    """``週一-週三、五`` gives 1, 2, 3, 5. Raises ValueError where it runs backwards."""
    days: list[int] = []
    for part in re.split(r"[、及和]", words):
        ends = [DAYS.index(c) + 1 for c in part if c in DAYS]
        if len(ends) == 2 and ends[0] >= ends[1]:
            raise ValueError("days run backwards")
        days += range(ends[0], ends[-1] + 1)
    return days


def _times(match: re.Match) -> tuple[time, time]:
    """Return from and until of one span. Raises ValueError where the day's half is in doubt."""
    part = match["ap"]
    return _time(match, "a", part), _time(match, "b", match["bp"] or part)


def _time(match: re.Match, side: str, part: str | None) -> time:
    hour, minute = int(match[f"{side}h"]), _minute(match, side)
    late = part is not None and (part[0] in "下晚夜" or part == "午診")
    if part and part[0] in "上早" and hour > 12 and side == "a":
        raise ValueError("a morning after noon")
    if late and hour < 12:
        hour += 12
    return time(hour, minute)


def _minute(match: re.Match, side: str) -> int:
    if match[f"{side}m"]:
        return int(match[f"{side}m"])
    half = match[f"{side}x"] or "0"
    return 30 if half == "半" else int(half.removesuffix("分"))


def _make_sense(spans: list[Span], rests: set[int]) -> bool:
    """Spans end after they begin, none overlaps another, none lies on a day of rest."""
    if not spans or any(closes <= opens for _day, opens, closes in spans):
        return False
    ordered = sorted(spans)
    apart = all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(ordered))
    return apart and not rests & {day for day, _opens, _closes in spans}
