"""Mails about accounts: one function each, which only writes an outbox row."""

from datetime import datetime

from django.utils.crypto import salted_hmac

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


def password_reset(user, email: str, now: datetime) -> None:
    """Answer a wish for a new password; for ``user:0`` the worker drops it.

    Unknown addresses share a recipient, so the address asked about stands in the occasion as well,
    hashed: otherwise only the first of them in a minute would take the work of a known one. Capitals
    are folded in ASCII alone, so that no two addresses of the database are one here.
    """
    minute = int(now.timestamp()) // 60
    asked = salted_hmac("password_reset", email.encode().lower(), algorithm="sha256").hexdigest()
    post(
        "password_reset",
        recipient=user.actor_label,
        occasion=f"reset:{minute}:{asked}",
        urgent=True,
        now=now,
    )
