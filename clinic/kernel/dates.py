"""Dates as people in Taiwan write them, and times as they are printed."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

ROC_OFFSET = 1911
OLDEST = 130  # years
ADULT = 18  # years of age; 民法 §12, since 2023-01-01
FURTHEST = 100  # years
PSYCHOLOGISTS_ACT = date(2001, 11, 21)  # 心理師法, promulgated 民國90年11月21日
WRITTEN = re.compile(
    r"^(民國|roc)?\s*([0-9]{1,4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?$",
    re.IGNORECASE,
)  # not \d: digits of other scripts are none that a reader here could check
COMPACT = re.compile(r"^(?:([0-9]{4})|([0-9]{2,3}))([0-9]{2})([0-9]{2})$")

TAIPEI = {"zh": "臺北時間", "en": "Taipei time"}
WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(value: datetime, zone: tzinfo | None = None, *, language: str = "") -> str:
    """Return a time with its zone: ``2026-11-24 14:00 (UTC+8)``.

    :param zone: where it is read; the clinic's own where none is given.
    :param language: ``zh`` or ``en``, for who is to keep the time: the weekday stands with it, and
        the zone has a name where people here give it one, ``2026-11-24（二）14:00 臺北時間`` or
        ``Tue 2026-11-24 14:00 Taipei time``.
    """
    local = timezone.localtime(value, zone)
    day, clock = f"{local:%Y-%m-%d}", f"{local:%H:%M} {zone_words(local, language)}"
    if not language:
        return f"{day} {clock}"
    weekday = WEEKDAYS[language][local.weekday()]
    return f"{day}（{weekday}）{clock}" if language == "zh" else f"{weekday} {day} {clock}"


def meeting(value: datetime, *, kept: bool = False) -> str:
    """Return when staff meet, in the reader's language: ``11 月 24 日（二）14:00``, ``Tue 24 Nov 14:00``.

    In the clinic's zone; the year stands with it where it is not this one, or where it is kept.
    """
    local = timezone.localtime(value)
    with_year = kept or local.year != timezone.localdate().year
    if get_language() == "en":
        year = f" {local.year}" if with_year else ""
        day = f"{local.day} {MONTHS[local.month - 1]}{year}"
        return f"{WEEKDAYS['en'][local.weekday()]} {day} {local:%H:%M}"
    year = f"{local.year} 年 " if with_year else ""
    day = f"{year}{local.month} 月 {local.day} 日"
    return f"{day}（{WEEKDAYS['zh'][local.weekday()]}）{local:%H:%M}"


def zone_words(local: datetime, language: str = "") -> str:
    """Return the zone of a time as it is printed beside it: ``(UTC+8)``, or its name."""
    if language and str(local.tzinfo) == "Asia/Taipei":
        return TAIPEI[language]
    minutes = int(local.utcoffset().total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"(UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day and of the next, in the clinic's time zone."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def parse_date(text: str) -> date:
    """Read a date in CE (1990-05-01, 19900501) or ROC years (民國79年5月1日, 79/5/1, 0790501).

    Raises ValidationError with words that help.
    """
    era, year, month, day = _parts(text)
    roc = bool(era) or year < 1000
    if era and year > 200:
        raise ValidationError(
            _(
                "%(year)s is a CE year, but ROC (民國) is written before it. Please write one of them."
            )
            % {"year": year},
            code="era",
        )
    try:
        return date(year and (year + ROC_OFFSET if roc else year), month, day)  # no year 0
    except ValueError as error:
        raise ValidationError(_("There is no such day. Please check it."), code="day") from error


def _parts(text: str) -> tuple[str | None, int, int, int]:
    text = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text.strip())
    if match := WRITTEN.match(text):
        return match[1], int(match[2]), int(match[3]), int(match[4])
    if match := COMPACT.match(text):
        return None, int(match[1] or match[2]), int(match[3]), int(match[4])
    raise ValidationError(
        _("Please write the date like 1990-05-01 or 民國79年5月1日."), code="format"
    )


def check_not_far_ahead(day: date) -> None:
    """Raise ValidationError for a day that nobody can mean; behind the last one is no calendar."""
    if day.year > timezone.localdate().year + FURTHEST:
        raise ValidationError(
            _("This lies more than %(years)s years ahead. Please check the year."),
            code="far",
            params={"years": FURTHEST},
        )


def check_since_the_act(day: date, typed: str) -> None:
    """Raise ValidationError for a day before there were psychologists by law.

    Most often it is a CE year of two digits, read as an ROC one: the words say how it was read.
    """
    if day >= PSYCHOLOGISTS_ACT:
        return
    era, year, _month, _day = _parts(typed)
    words = {"act": PSYCHOLOGISTS_ACT.isoformat(), "typed": " ".join(typed.split())}
    if era or year == day.year:
        said = _("This is before the Psychologists Act (%(act)s). Please check the year.")
    else:
        said = _(
            "This is before the Psychologists Act (%(act)s). “%(typed)s” was read as ROC year "
            "%(roc)s, %(year)s; please write the year in full."
        )
        words |= {"roc": year, "year": day.year}
    raise ValidationError(said, code="before", params=words)


def check_birth_date(born: date, today: date) -> None:
    """Raise ValidationError for a birth date in the future or out of any lifetime."""
    if born > today:
        raise ValidationError(_("A birth date cannot lie in the future."), code="future")
    if born.year < today.year - OLDEST:
        raise ValidationError(
            _("This would be more than %(years)s years ago. Is it an ROC year?")
            % {"years": OLDEST},
            code="old",
        )


def age_on(born: date, day: date) -> int:
    """Return full years of age on ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
