"""Finding whom to call: what a page, a profile or a crisis shows of an entry, and what is nearest.

``near()`` answers for a place in one query, whatever the number of rows, so that a crisis page
never waits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crisis.directory.trust import Confirmed, confirmed_of, doubts_of, is_old
from crisis.models import Resource
from crisis.models.resource_rows import ENOUGH_REPORTS, OPEN_FIRST, PINNED

REPEATS = 2  # most places stand in two files
DISTANCES = (Resource.Level.TOWN, Resource.Level.COUNTY, Resource.Level.NATIONAL)
OPENNESS = ("open", "always", "unknown", "closed")


class Need(TextChoices):
    """Whom a crisis profile names for each place (G5.1); a chief is typed in by hand."""

    FIRE = "fire", _("fire and ambulance")
    POLICE = "police", _("police")
    SUICIDE_PREVENTION = "suicide", _("suicide prevention")
    HOSPITAL = "hospital", _("hospital")
    CENTRE = "centre", _("community mental health centre")
    COUNSELLING = "counselling", _("counselling clinics nearby")
    CHIEF = "chief", _("village or neighbourhood chief")


LINES = {Need.FIRE: "119", Need.POLICE: "110", Need.SUICIDE_PREVENTION: "1925"}
KINDS = {
    Need.HOSPITAL: Resource.Kind.HOSPITAL,
    Need.CENTRE: Resource.Kind.CENTRE,
    Need.COUNSELLING: Resource.Kind.COUNSELLING,
}


@dataclass(frozen=True)
class Phone:
    """A number as shown, and what to dial; ``dial`` is empty where that is not certain."""

    shown: str
    dial: str
    ext: str
    note: str

    @property
    def href(self) -> str:
        """The address of a link that calls; a comma makes the pause before an extension."""
        return f"tel:{self.dial},{self.ext}" if self.ext else f"tel:{self.dial}"

    @property
    def added(self) -> str:
        """The area code that the source did not print and the county made certain."""
        digits = "".join(c for c in self.shown if c.isdigit())
        local = self.dial and not digits.startswith(self.dial.lstrip("+")[:2])
        return self.dial[:2] if local and self.dial[2:] == digits[: len(self.dial) - 2] else ""


@dataclass(frozen=True)
class Span:
    """Open from, until, on a weekday (1 = Monday), Taipei time."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Found:
    """An entry as it is shown. ``openness``: open, always, unknown or closed (at the asked time).

    ``distance``: town, county or national, as seen from the asked place. ``closes``: until when
    it is open today, if it is. ``old``: so old a source should be read again before use.
    ``doubts``: why it is chosen for nobody beforehand.
    """

    resource: Resource
    openness: str
    distance: str
    phones: list[Phone]
    week: list[Span]
    confirmed: Confirmed | None
    reported: int
    closes: time | None
    old: bool
    doubts: list[str]

    @property
    def warned(self) -> bool:
        """Whether so many say it does not answer that nobody should rely on it."""
        return self.reported >= ENOUGH_REPORTS

    @property
    def call(self) -> Phone | None:
        """The first number that can be dialled."""
        return _first_certain(self.phones)

    @property
    def held(self) -> Any:
        """Why only administrators see it, in words; "" where everybody does."""
        return Resource.Hold(self.resource.held).label if self.resource.held else ""


def found(rows: Iterable[Resource], now: datetime) -> list[Found]:
    """Put rows of ``whole()`` and ``nearest_first()`` (or ``with_openness()``) into words."""
    local = timezone.localtime(now)
    return [_found(row, local) for row in rows]


def _found(row: Resource, local: datetime) -> Found:
    week = [
        Span(s["weekday"], time.fromisoformat(s["opens"]), time.fromisoformat(s["closes"]))
        for s in row.week
    ]
    today = (s for s in week if s.weekday == local.isoweekday())
    phones = [Phone(**number) for number in row.numbers]
    certain = _first_certain(phones) is not None
    return Found(
        resource=row,
        openness=OPENNESS[row.openness],
        distance=DISTANCES[getattr(row, "distance", 1)],
        phones=phones,
        week=week,
        confirmed=confirmed_of(row),
        reported=row.reported,
        closes=next((s.closes for s in today if s.opens <= local.time() < s.closes), None),
        old=is_old(row, local.date()),
        doubts=doubts_of(row, local.date(), certain=certain),
    )


def _first_certain(phones: list[Phone]) -> Phone | None:
    return next((phone for phone in phones if phone.dial), None)


@dataclass(frozen=True)
class Nearby:
    """What is known for a place, per kind in the order that was asked for."""

    county: str
    town: str
    by_kind: dict[str, list[Found]]

    def of(self, need: Need) -> list[Found]:
        """Return the entries that answer a need; empty: none known here, so say that."""
        if need in LINES:
            lines = self.by_kind.get(Resource.Kind.HOTLINE, [])
            return [row for row in lines if row.resource.source_key == LINES[need]]
        return self.by_kind.get(KINDS.get(need, ""), [])

    @property
    def missing(self) -> list[Need]:
        """The needs that the directory cannot answer for this place; a chief never is in it."""
        return [need for need in Need if not self.of(need)]


def near(
    town: str, now: datetime, most: int = 5, county: str = "", order: tuple = OPEN_FIRST
) -> Nearby:
    """Return what is near a township, by its official code. One query, whatever the size.

    :param town: code of the township; may be empty where only the county is known.
    :param now: aware; decides what is open.
    :param most: entries of each kind; every national hotline comes besides.
    :param order: open now first, then 24 hours, near before far; or ``NEAR_FIRST``.
    """
    county = county or town[:5]
    rows = Resource.objects.around_place(town, county, now, REPEATS * most, order)
    return nearby(rows, now, most, town=town, county=county)


def nearby(rows: Iterable[Resource], now: datetime, most: int, *, town: str, county: str) -> Nearby:
    """Sort rows of ``around_place()`` by kind; what another source said already is left out."""
    by_kind: dict[str, list[Found]] = {}
    for row in found(rows, now):
        kept = by_kind.setdefault(row.resource.kind, [])
        lines = row.resource.kind == Resource.Kind.HOTLINE
        if lines or (len(kept) < most and not _says_no_more(row, kept)):
            kept.append(row)
    return Nearby(county, town, by_kind)


def _says_no_more(row: Found, kept: list[Found]) -> bool:
    """Whether another source said the same of the same place: no number here that is new."""
    dials = {phone.dial for phone in row.phones}
    same = [k for k in kept if (k.resource.name, k.resource.town_id) == _place(row)]
    if row.phones and not any(k.phones for k in same):
        return False
    return bool(same) and dials <= {phone.dial for k in same for phone in k.phones} | {""}


def _place(row: Found) -> tuple[str, str | None]:
    return row.resource.name, row.resource.town_id


def pinned(now: datetime) -> list[Found]:
    """Return the national numbers 119, 110 and 1925 in this order, as far as they are loaded."""
    rows = found(Resource.objects.shown().pinned().with_openness(now).whole(), now)
    return sorted(rows, key=lambda row: PINNED.index(row.resource.source_key))


def gaps(county: str) -> list[str]:
    """Return the words of each kind that a county lacks among its shown rows. One query."""
    known = Resource.objects.shown().kinds_in(county)
    return [str(words) for kind, words in GAPS.items() if kind not in known]


GAPS = {
    Resource.Kind.CENTRE: pgettext_lazy("none known", "community mental health centre"),
    Resource.Kind.HOSPITAL: pgettext_lazy("none known", "hospital"),
    Resource.Kind.COUNSELLING: pgettext_lazy("none known", "counselling or psychotherapy clinic"),
    Resource.Kind.SCHOOL: pgettext_lazy("none known", "school counselling centre"),
}
