"""The demo's register of places abroad: one that still waits to be looked up."""

from datetime import datetime, timedelta

from django.utils import timezone

from clinic.accounts.models import User
from sessions.jurisdictions.actions import add_jurisdiction


def places_abroad(members: dict[str, User], now: datetime) -> None:
    """Great Britain is not checked yet: a session with a client in London is red."""
    add_jurisdiction(
        values={
            "country": "GB",
            "region": "",
            "receive": "unknown",
            "give": "unknown",
            "conditions": "",
            "source": "示範資料（虛構）：尚未向當地主管機關查證",
            "reviewed_on": timezone.localdate(now) - timedelta(days=6),
        },
        by=members["lixia"],
        now=now - timedelta(days=6),
    )
