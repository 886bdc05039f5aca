"""Who stands at a door: the account behind an exchanged link, and whether its holder enrols."""

from datetime import datetime

from django.http import HttpRequest

from clinic.accounts.models import User
from clinic.kernel.links import cookie
from clinic.kernel.links.models import Link

ENROLLING = "enrolling"


def holder(request: HttpRequest, purpose: str, now: datetime) -> User | None:
    """Return the open account whose live link this browser has exchanged."""
    link = cookie.held(request, purpose, now)
    if link is None:
        return None
    return User.objects.filter(pk=link.subject.removeprefix("user:"), is_active=True).first()


def mark_enrolling(request: HttpRequest) -> None:
    """Note in a fresh session that it came through the invitation."""
    request.session[ENROLLING] = True


def may_enrol(request: HttpRequest, now: datetime) -> bool:
    """Whether this session came through the invitation of its own account, still live.

    A password alone never suffices: who knows it could otherwise enrol a phone of her own.
    """
    invited = holder(request, Link.Purpose.INVITATION, now)
    return bool(request.session.get(ENROLLING)) and invited == request.user
