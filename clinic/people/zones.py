"""Which time zone a place has, so that times can be printed as its people read them."""

from collections import defaultdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# What counts by law in all of China is Beijing's time. By a second clock, two hours behind, that some
# in Xinjiang use beside it, few hours of mail would be left, and none of an evening's safe hours: it
# counts, too, where its city is named.
UNOFFICIAL = ("Asia/Urumqi",)


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Return the names of each country's zones (ISO 3166 code), from the table of tzdata."""
    found = defaultdict(list)
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _where, name = line.split("\t")[:3]
            found[country].append(name)
    return {country: tuple(names) for country, names in found.items()}


def zones_of(country: str, region: str) -> tuple[str, ...]:
    """Return the names of the zones that a place may have; none for an unknown country.

    One where the region is the city that a zone is named after, else all of its country that count.
    """
    every = _zones().get(country, ())
    names = tuple(name for name in every if name not in UNOFFICIAL)
    city = "_".join(region.split()).casefold()
    named = [name for name in every if name.rpartition("/")[2].casefold() == city]
    if named and named[0] in UNOFFICIAL:
        return every
    return tuple(named[:1]) or names


def zone_of(country: str, region: str, at: datetime) -> ZoneInfo | None:
    """Return the zone of a place at a moment; None where it cannot be known for sure.

    It is known where all clocks that the place may have agree at that moment: then it does not
    matter which of them it is.
    """
    zones = [ZoneInfo(name) for name in zones_of(country, region)]
    if len({at.astimezone(zone).utcoffset() for zone in zones}) == 1:
        return zones[0]
    return None
