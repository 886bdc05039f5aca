"""The directory in the demo: loaded, and a fictional entry in 花蓮縣 that two could not reach."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from clinic.accounts.models import User
from clinic.kernel.actors import System
from crisis.directory.actions import add_resource, confirm_resource, report_resource
from crisis.directory.files import DATA
from crisis.directory.loading import load_directory
from crisis.directory.reading import read_folder
from crisis.models import Resource

SILENT = {
    "kind": Resource.Kind.COUNSELLING,
    "name": "清明心理諮商所（虛構）",
    "county_id": "10015",
    "town_id": "10015010",  # 花蓮市
    "address": "示範路 2 號",
    "phones": "0000-000-061",
    "hours": "週一至週五09:00-18:00",
    "purpose": "",
}


def fill_directory(members: dict[str, User], now: datetime) -> None:
    """Load it, confirm the national numbers, add one entry and report it twice."""
    loaded = max(now - timedelta(days=60), _earliest())
    load_directory(by=System("demo"), now=loaded)
    admin = members["lixia"]
    confirmed = max(now - timedelta(days=12), loaded)
    for line in Resource.objects.shown().pinned():
        confirm_resource(resource=line, how="read", by=admin, now=confirmed)
    silent = add_resource(values=SILENT, by=admin, now=now - timedelta(days=30))
    for days, name in ((3, "guyu"), (1, "lichun")):
        report_resource(resource=silent, by=members[name], now=now - timedelta(days=days))


def _earliest() -> datetime:
    """Return when the files can be loaded at the earliest: on the day of their newest row."""
    files = read_folder(DATA, date.max)
    days = (entry.values["source_date"] for file in files for entry in file.entries.values())
    return timezone.make_aware(datetime.combine(max(days), time()))
