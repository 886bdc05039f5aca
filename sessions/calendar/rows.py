"""The calendar's days: sessions in rows of ten minutes, opening hours, what is busy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from clinic.kernel.dates import day_bounds
from clinic.organisation.models import OpeningHours
from sessions.gate import Gate, gates_of
from sessions.models import CounsellingSession, SessionQuerySet

ROW = 10  # minutes
MOST_ROWS = 144
LEAST_ROWS = 3  # drawn for a short session: room for its time and name
MOST_LANES = 4  # beside each other; what overlaps beyond lies in the last
FIRST, LAST = time(9), time(21)  # shown where no opening hours are known


@dataclass(frozen=True)
class Entry:
    """One session of a day: its gate, the row where it begins (from 1), and how many rows.

    ``lane`` counts from 1: sessions of several psychologists at one time stand side by side.
    """

    gate: Gate
    at: int
    rows: int
    lane: int = 1


@dataclass(frozen=True)
class Day:
    """One day of the calendar; ``now_row`` is the row of the time now, in today alone."""

    date: date
    hours: OpeningHours | None
    entries: tuple[Entry, ...]
    is_today: bool
    now_row: int | None = None

    @property
    def lines(self) -> list[Entry | None]:
        """What is read one after the other; None stands where it is now."""
        if self.now_row is None:
            return [*self.entries]
        begun = [entry for entry in self.entries if entry.at <= self.now_row]
        return [*begun, None, *self.entries[len(begun) :]]

    @property
    def lanes(self) -> int:
        """How many stand side by side."""
        return max((entry.lane for entry in self.entries), default=1)

    @property
    def gates(self) -> list[Gate]:
        return [entry.gate for entry in self.entries]


@dataclass(frozen=True)
class Sheet:
    """The days shown, and the full hours beside them."""

    days: tuple[Day, ...]
    hours: tuple[tuple[int, str], ...]

    @property
    def shown(self) -> int:
        """How many hours stand beside the days."""
        return len(self.hours)


def sheet(sessions: SessionQuerySet, first: date, days: int, now: datetime) -> Sheet:
    """Return the calendar from ``first`` on, in a constant number of queries.

    ``sessions`` are those that the reader sees; cancelled ones are left out.
    """
    start, _next = day_bounds(first)
    _start, end = day_bounds(first + timedelta(days=days - 1))
    shown = list(sessions.standing().between(start, end).with_people().in_order())
    week = {hours.weekday: hours for hours in OpeningHours.week()}
    gates = gates_of(shown, now)
    top = _top(list(week.values()), gates)
    today = timezone.localdate(now)
    made = []
    for number in range(days):
        day = first + timedelta(days=number)
        entries = [_entry(g, top) for g in gates if g.session.starts_at.date() == day]
        now_row = _now_row(timezone.localtime(now).time(), top) if day == today else None
        opens = week.get(day.isoweekday())
        made.append(Day(day, opens, in_lanes(entries), day == today, now_row))
    bottom = _bottom(list(week.values()), gates)
    hours = tuple((_row(time(h), top), f"{h:02}:00") for h in range(top.hour, bottom.hour + 1))
    return Sheet(tuple(made), hours)


def in_lanes(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return entries, in order of their beginning, each in the first lane that is free by then."""
    free: list[int] = []  # by lane the row from which on it is free
    placed = []
    for entry in entries:
        lane = next((n for n, row in enumerate(free) if row <= entry.at), len(free))
        lane = min(lane, MOST_LANES - 1)
        free[lane : lane + 1] = [entry.at + entry.rows]
        placed.append(replace(entry, lane=lane + 1))
    return tuple(placed)


def _top(week: Sequence[OpeningHours], gates: Sequence[Gate]) -> time:
    """Return the full hour at which the sheet begins."""
    times = [hours.opens for hours in week] + [g.session.starts_at.time() for g in gates]
    return time(min(times, default=FIRST).hour)


def _bottom(week: Sequence[OpeningHours], gates: Sequence[Gate]) -> time:
    times = [hours.closes for hours in week] + [_end(g.session) for g in gates]
    return max(times, default=LAST)


def _end(session: CounsellingSession) -> time:
    """Return when a session ends within the day on which it begins."""
    past_midnight = session.ends_at.date() > session.starts_at.date()
    return time.max if past_midnight else session.ends_at.time()


def _row(at: time, top: time) -> int:
    return (at.hour * 60 + at.minute - top.hour * 60) // ROW + 1


def _entry(gate: Gate, top: time) -> Entry:
    begins = gate.session.starts_at.time()
    left = MOST_ROWS - _row(begins, time(0)) + 1  # in its day
    early = max(LEAST_ROWS - left, 0)  # drawn upwards where the day has no room below
    rows = min(max(-(-gate.session.minutes // ROW), LEAST_ROWS), left + early)
    return Entry(gate, _row(begins, top) - early, rows)


def _now_row(now: time, top: time) -> int | None:
    row = _row(now, top)
    return row if 1 <= row <= MOST_ROWS else None
