"""Notices before a practice licence ends: 180, 90 and 30 days (心理師法 §8: renewal within the
six months before). Derived each minute over a window, so any number of beats gives the same mails.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from clinic.kernel.outbox.post import post
from clinic.staff.models import Credential

NOTICE_DAYS = (180, 90, 30)
REACH_BACK = timedelta(days=7)


def derive_licence_notices(now: datetime) -> None:
    """Write the notices that are due on the day of ``now`` and up to a week back."""
    today = timezone.localdate(now)
    for days in NOTICE_DAYS:
        until = today + timedelta(days=days)
        for row in Credential.objects.ending_between(until - REACH_BACK, until):
            post(
                f"licence_expiry_{days}",
                recipient=row.practitioner.user.actor_label,
                occasion=f"credential:{row.pk}:{row.last_day}",
                now=now,
            )
