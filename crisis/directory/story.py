"""The directory in the demo: loaded, and a fictional entry in 花蓮縣 that two could not reach."""

from datetime import datetime, timedelta

from clinic.accounts.models import User
from clinic.kernel.actors import System
from crisis.directory.actions import add_resource, confirm_resource, report_resource
from crisis.directory.loading import load_directory
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
    load_directory(by=System("demo"), now=now - timedelta(days=60))
    admin = members["lixia"]
    for line in Resource.objects.shown().pinned():
        confirm_resource(resource=line, how="read", by=admin, now=now - timedelta(days=12))
    silent = add_resource(values=SILENT, by=admin, now=now - timedelta(days=30))
    for days, name in ((3, "guyu"), (1, "lichun")):
        report_resource(resource=silent, by=members[name], now=now - timedelta(days=days))
