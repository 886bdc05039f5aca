"""What holds for a period of days, half open: the last day written on paper is the day before its
end.
"""

from datetime import date, timedelta

from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused


class Dated(models.Model):
    """Something that holds for a period of days."""

    period = DateRangeField(_("period"))

    class Meta:
        abstract = True

    @property
    def starts_on(self) -> date:
        return self.period.lower

    @property
    def last_day(self) -> date | None:
        """The last day it holds; None when it has no end."""
        return self.period.upper - timedelta(days=1) if self.period.upper else None

    def in_force(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return day in self.period

    def days_left(self, day: date) -> int | None:
        """Days from ``day`` to the last day; negative once past; None without an end."""
        return (self.last_day - day).days if self.period.upper else None

    def ended_after(self, day: date) -> DateRange:
        """The period with ``day`` as its last, or its first where it has not begun.

        Refused when it has ended already: ending again must not prolong it.
        """
        end = max(day, self.starts_on) + timedelta(days=1)
        if self.period.upper and self.period.upper <= end:
            raise Refused("staff.ended", _("This has ended already."))
        return DateRange(self.starts_on, end)


class DatedQuerySet(models.QuerySet):
    def in_force_on(self, day: date):
        """What holds on ``day``."""
        return self.filter(period__contains=day)

    def ending_between(self, start: date, end: date):
        """What has its last day between the two, both included."""
        one = timedelta(days=1)
        return self.filter(period__endswith__range=(start + one, end + one))


def same(*fields: str) -> list[tuple]:
    """Expressions of an exclusion constraint: equal ``fields`` without btree_gist."""
    return [
        (Func(F(f), F(f), Value("[]"), function="int8range"), RangeOperators.OVERLAPS)
        for f in fields
    ]
