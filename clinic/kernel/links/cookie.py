"""The cookie that stands for an exchanged link, so that the address bar stays clean."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from clinic.kernel.links.models import Link, token_hash

SALT = "link"
LASTS = 3600  # seconds


def find(token: str) -> Link | None:
    """Return the link of a token, in whatever state; None for an unknown or replaced one."""
    return Link.objects.filter(token_hash=token_hash(token)).first()


def give(response: HttpResponse, link: Link) -> HttpResponse:
    """Set the cookie of ``link`` on ``response``."""
    value = signing.dumps([link.pk, link.issue], salt=SALT)
    response.set_cookie(
        settings.LINK_COOKIE_NAME,
        value,
        max_age=LASTS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def held(request: HttpRequest, purpose: str, now: datetime) -> Link | None:
    """Return the live link whose cookie this browser holds, if its purpose is ``purpose``."""
    try:
        pk, issue = signing.loads(
            request.COOKIES.get(settings.LINK_COOKIE_NAME, ""), salt=SALT, max_age=LASTS
        )
    except signing.BadSignature:
        return None
    link = Link.objects.filter(pk=pk, issue=issue, purpose=purpose).first()
    return link if link and link.state(now) == "live" else None
