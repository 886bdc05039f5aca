"""When unasked mail may leave: by the recipient's own clock, also when that clock is changed."""

from datetime import UTC, datetime, time

import pytest

from clinic.kernel.outbox.delivery import next_opening
from clinic.kernel.outbox.registry import Recipient

DAY = (time(8), time(21))
NOON = (time(12), time(13))

# Zone, window, now and opening in UTC.
CASES = {
    "the first minute": ("Asia/Taipei", DAY, "2026-11-21 00:00", "2026-11-21 00:00"),
    "the last minute": ("Asia/Taipei", DAY, "2026-11-21 12:59", "2026-11-21 12:59"),
    "just before it opens": ("Asia/Taipei", DAY, "2026-11-20 23:59", "2026-11-21 00:00"),
    "as it closes": ("Asia/Taipei", DAY, "2026-11-21 13:00", "2026-11-22 00:00"),
    "after midnight": ("Asia/Taipei", DAY, "2026-11-21 16:30", "2026-11-22 00:00"),
    "the last night of a year": ("Asia/Taipei", DAY, "2026-12-31 15:00", "2027-01-01 00:00"),
    "narrower, before": ("Asia/Taipei", NOON, "2026-11-21 03:59", "2026-11-21 04:00"),
    "narrower, inside": ("Asia/Taipei", NOON, "2026-11-21 04:30", "2026-11-21 04:30"),
    "narrower, after": ("Asia/Taipei", NOON, "2026-11-21 05:00", "2026-11-22 04:00"),
    "14 hours ahead": ("Pacific/Kiritimati", DAY, "2026-11-21 07:00", "2026-11-21 18:00"),
    "half an hour off": ("Asia/Kolkata", DAY, "2026-11-21 15:30", "2026-11-22 02:30"),
    "winter": ("Europe/London", DAY, "2026-01-10 07:30", "2026-01-10 08:00"),
    "summer": ("Europe/London", DAY, "2026-07-10 07:30", "2026-07-10 07:30"),
    "the night the clock goes forward": (
        *("Europe/London", DAY),
        *("2026-03-28 22:00", "2026-03-29 07:00"),
    ),
    "the night the clock goes back": (
        *("Europe/London", DAY),
        *("2026-10-24 21:00", "2026-10-25 08:00"),
    ),
    "forward, west of Greenwich": (
        *("America/New_York", DAY),
        *("2026-03-08 05:00", "2026-03-08 12:00"),
    ),
    "an opening that the clock leaps over": (
        *("Europe/London", (time(1, 30), time(3))),
        *("2026-03-29 00:00", "2026-03-29 01:30"),
    ),
    "an opening that comes twice": (
        *("Europe/London", (time(1, 15), time(1, 45))),
        *("2026-10-25 00:00", "2026-10-25 00:15"),
    ),
}


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "window", "now", "opens"), CASES.values(), ids=CASES)
def test_mail_leaves_at_the_first_moment_inside_the_window(zone, window, now, opens):
    who = Recipient("a@client.example", "en", "A", client=True, zones=(zone,), window=window)
    found = next_opening(who, utc(now))
    assert found.astimezone(UTC) == utc(opens)
    assert next_opening(who, found) == found


COASTS = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu")
EVENING = (time(17), time(21))


@pytest.mark.parametrize(
    ("zones", "window", "now", "opens"),
    [
        # In winter the day begins in Honolulu at 18:00 UTC, and ends in New York at 02:00.
        (COASTS, DAY, "2026-01-10 13:00", "2026-01-10 18:00"),
        (COASTS, DAY, "2026-01-11 01:59", "2026-01-11 01:59"),
        (COASTS, DAY, "2026-01-11 02:00", "2026-01-11 18:00"),
        (COASTS, DAY, "2026-07-11 01:00", "2026-07-11 18:00"),
        (COASTS[:2], EVENING, "2026-01-10 13:00", "2026-01-11 01:00"),
        (COASTS, EVENING, "2026-01-10 13:00", None),
        # By the night clocks go back in London they differ for an hour less.
        (
            ("Europe/London", "Africa/Abidjan"),
            (time(8), time(9)),
            *("2026-10-24 12:00", "2026-10-25 08:00"),
        ),
        (("Europe/London",), (time(1, 15), time(1, 45)), "2026-03-29 00:00", "2026-03-30 00:15"),
        (("Asia/Taipei",), (time(21), time(21)), "2026-01-10 13:00", None),
    ],
)
def test_where_her_zone_is_not_known_it_leaves_in_the_window_of_each(zones, window, now, opens):
    who = Recipient("a@client.example", "en", "A", client=True, zones=zones, window=window)
    assert next_opening(who, utc(now)) == (utc(opens) if opens else None)
