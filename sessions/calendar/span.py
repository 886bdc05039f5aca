"""Which days the calendar shows: one day, or the week around it, Monday first."""

from dataclasses import dataclass
from datetime import date, timedelta

# Days that may be asked for; nobody has sessions beyond, and the week around them exists.
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Span:
    """The days shown around ``day``. ``view``: ``day`` or ``week``."""

    day: date
    view: str

    @property
    def days(self) -> int:
        """How many days are shown."""
        return 1 if self.view == "day" else 7

    @property
    def first(self) -> date:
        return self.day if self.view == "day" else monday(self.day)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    @property
    def before(self) -> date:
        """Where one step back leads."""
        return self.first - timedelta(days=self.days)

    @property
    def after(self) -> date:
        """Where one step on leads."""
        return self.first + timedelta(days=self.days)


def monday(day: date) -> date:
    """Return the Monday of the week of ``day``."""
    return day - timedelta(days=day.weekday())
