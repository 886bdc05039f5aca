"""Sums of a training log, beside what the rules ask for."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinic.accounts.models import User
from clinic.staff.models import Practitioner
from supervision.models import TrainingEntry

# 醫事人員執業登記及繼續教育辦法 §13 II 2 (as of 2022-08-26): 120 points within the six years of a
# practice licence; professional quality, ethics and law together at least 12, counted up to 24.
YEARS = 6
POINTS_ASKED = Decimal(120)
ETHICS_ASKED = Decimal(12)
ETHICS_COUNTED = Decimal(24)
Category = TrainingEntry.Category
ETHICS_AND_LAW = (Category.QUALITY, Category.ETHICS, Category.LAW)
LICENSED = (Practitioner.Kind.COUNSELLING, Practitioner.Kind.CLINICAL)


@dataclass(frozen=True)
class Line:
    """Hours and points of one category."""

    category: str
    hours: Decimal
    points: Decimal

    @property
    def label(self) -> str:
        return Category(self.category).label


@dataclass(frozen=True)
class Points:
    """Points of six years as the rule counts them."""

    counted: Decimal
    ethics: Decimal
    asked: Decimal = POINTS_ASKED
    ethics_asked: Decimal = ETHICS_ASKED

    @property
    def lacking(self) -> Decimal:
        return max(self.asked - self.counted, Decimal(0))

    @property
    def ethics_lacking(self) -> Decimal:
        return max(self.ethics_asked - self.ethics, Decimal(0))


@dataclass(frozen=True)
class Totals:
    """Sums of everything on file, of this year, and the points of the last six years."""

    lines: list[Line]
    hours: Decimal
    points: Decimal
    hours_this_year: Decimal
    six_years: Points | None

    @property
    def has_telecounselling(self) -> bool:
        return any(line.category == Category.TELECOUNSELLING for line in self.lines)


def totals_of(member: User, today: date) -> Totals:
    """Return the sums of one member's log, in three queries."""
    log = TrainingEntry.objects.of_member(member).on_file()
    lines = [Line(*sums) for sums in log.sums()]
    licensed = member.practitioner.kind in LICENSED
    this_year = log.since(date(today.year, 1, 1)).sums()
    return Totals(
        lines=lines,
        hours=sum((line.hours for line in lines), Decimal(0)),
        points=sum((line.points for line in lines), Decimal(0)),
        hours_this_year=sum((hours for _name, hours, _points in this_year), Decimal(0)),
        six_years=points_in(log.since(_years_before(today)).sums()) if licensed else None,
    )


def _years_before(today: date) -> date:
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - YEARS, day=28 if leap_day else today.day)


def points_in(sums: list[tuple[str, Decimal, Decimal]]) -> Points:
    """Count points by category as the rule does. Pure."""
    ethics = sum((p for name, _h, p in sums if name in ETHICS_AND_LAW), Decimal(0))
    others = sum((p for name, _h, p in sums if name not in ETHICS_AND_LAW), Decimal(0))
    return Points(counted=others + min(ethics, ETHICS_COUNTED), ethics=ethics)
