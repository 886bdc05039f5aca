"""When a session may be: in the future, within opening hours, for a sensible length."""

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.errors import Refused
from clinic.organisation.models import OpeningHours, clock

SHORTEST, LONGEST = 10, 180  # minutes
FURTHEST = timedelta(days=366)


def check_time(
    start: datetime, minutes: int, now: datetime, kept: DateTimeTZRange | None = None
) -> DateTimeTZRange:
    """Return the time of a session. Raises Refused in words, beside the field it belongs to.

    :param start: aware.
    :param kept: the time that a booked session has. Staying at it, the session may change its way
        until its end: a video that fails goes on by telephone (A6).
    """
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused(
            "sessions.length",
            _("A session takes from %(shortest)s to %(longest)s minutes.")
            % {"shortest": SHORTEST, "longest": LONGEST},
            field="minutes",
        )
    length = timedelta(minutes=minutes)
    if kept and (start, length) == (kept.lower, kept.upper - kept.lower) and now < kept.upper:
        return kept
    if start <= now:
        raise Refused(
            "sessions.past",
            _("This time is in the past."),
            _("Please choose a later one."),
            field="time",
        )
    if start > now + FURTHEST:
        raise Refused(
            "sessions.far", _("This is more than a year ahead. Please check it."), field="day"
        )
    during = DateTimeTZRange(start, start + length)
    _check_open(during)
    return during


def _check_open(during: DateTimeTZRange) -> None:
    """Refuse a time that is not wholly within one opening of the clinic."""
    # The last moment of it: what ends at midnight lies within its day.
    first, last = (
        timezone.localtime(t) for t in (during.lower, during.upper - datetime.resolution)
    )
    hours = next((h for h in OpeningHours.week() if h.weekday == first.isoweekday()), None)
    if hours is None:
        raise Refused(
            "sessions.closed_day",
            _("The clinic is closed on that day."),
            _("Please choose another day, or have the opening hours changed."),
            field="day",
        )
    same_day = first.date() == last.date()
    if not same_day or first.time() < hours.opens or last.time() > hours.closes:
        raise Refused(
            "sessions.closed",
            _("On that day the clinic is open from %(opens)s to %(closes)s.")
            % {"opens": clock(hours.opens), "closes": clock(hours.closes)},
            _("The whole session has to lie within."),
            field="time",
        )
