"""What ``manage.py directory`` prints: each shown entry with where its number comes from."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crisis.directory.finding import Found, found
from crisis.models import Resource


def listed(now: datetime, county: str = "", town: str = "") -> Iterator[dict[str, Any]]:
    """Yield each shown entry, in the order of kind and place. Names of places in Chinese."""
    rows = Resource.objects.shown().in_place(county, town).with_openness(now).whole()
    for row in found(rows.order_by("kind", "county", "town", "name", "id"), now):
        yield _entry(row)


def _entry(row: Found) -> dict[str, Any]:
    resource = row.resource
    return {
        "kind": resource.kind,
        "name": resource.name,
        "county": resource.county.name_zh if resource.county else "",
        "town": resource.town.name_zh if resource.town else "",
        "phones": [phone.shown for phone in row.phones],
        "phone_note": resource.phone_note,
        "source": resource.source,
        "source_date": resource.source_dated,
        "source_file": resource.source_file,
        "source_key": resource.source_key,
        "confirmed_on": row.confirmed.on.isoformat() if row.confirmed else None,
        "confirmed_by": row.confirmed.by if row.confirmed else None,
    }
