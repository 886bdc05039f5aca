"""Mails about accounts: one function each, which only writes an outbox row."""

from datetime import datetime

from clinic.kernel.links.models import Link
from clinic.kernel.outbox.post import post


def invitation(user, link: Link, now: datetime) -> None:
    """Invite ``user`` to set the account up; leaves at any hour. Version = issue of the link."""
    post(
        "staff_invitation",
        recipient=user.actor_label,
        occasion=f"link:{link.pk}",
        version=link.issue,
        urgent=True,
        now=now,
    )


def password_reset(user, now: datetime) -> None:
    """Answer a wish for a new password; for ``user:0`` the worker drops it."""
    minute = int(now.timestamp()) // 60
    post(
        "password_reset",
        recipient=user.actor_label,
        occasion=f"reset:{minute}",
        urgent=True,
        now=now,
    )
