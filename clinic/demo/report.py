"""What scripts need to know of the demo: accounts, secrets of second factors, link tokens."""

from typing import Any

from clinic.accounts.models import Authenticator, User
from clinic.kernel.links.models import Link
from clinic.kernel.links.views import link_url


def accounts() -> list[dict[str, Any]]:
    """Return every account with its TOTP secret (base32), None where none is set up."""
    secrets = {device.user_id: device.key for device in Authenticator.objects.all()}
    return [
        {
            "email": user.email,
            "name": user.name,
            "roles": user.roles,
            "joined": user.joined_at is not None,
            "totp_secret": secrets.get(user.pk),
        }
        for user in User.objects.order_by("id")
    ]


def links() -> list[dict[str, Any]]:
    """Return every open link with its token."""
    return [
        {
            "purpose": link.purpose,
            "subject": link.subject,
            "token": link.token,
            "url": link_url(link.token),
            "expires_at": link.expires_at.isoformat(),
        }
        for link in Link.objects.filter(closed_at=None).order_by("id")
    ]
