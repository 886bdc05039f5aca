"""The cookie that stands for an exchanged link, so that the address bar stays clean.

Each link of a client has a cookie of its own: one phone may hold the links of several people.
Of the other purposes a browser holds one link at a time, the one that was opened last.
"""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from clinic.kernel.links.models import Link, LinkToken, token_hash

SALT = "link"
LASTS = 3600  # seconds, of which a page may begin them anew
# From the reminder an hour before an appointment until its end, without opening the mail again.
LONGER = {Link.Purpose.APPOINTMENT: 4 * 3600}
# Their pages name the link in the address.
SEVERAL = frozenset({Link.Purpose.CONSENT, Link.Purpose.APPOINTMENT})


def find(token: str, now: datetime) -> tuple[Link | None, str]:
    """Return the link of a token and its state: ``live``, ``expired``, ``done``, ``revoked``,
    ``replaced`` by a newer one, or ``unknown``."""
    row = LinkToken.objects.select_related("link").filter(token_hash=token_hash(token)).first()
    if row is None:
        return None, "unknown"
    return row.link, "replaced" if row.issue != row.link.issue else row.link.state(now)


def give(response: HttpResponse, link: Link, *, proven: bool = False) -> HttpResponse:
    """Set the cookie of ``link``; ``proven``: its holder has shown who she is as well."""
    value = signing.dumps([link.pk, link.issue, proven], salt=SALT)
    response.set_cookie(
        _name(_holder(link)),
        value,
        max_age=_lasts(link.purpose),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def prolong(request: HttpRequest, response: HttpResponse, link: Link) -> HttpResponse:
    """Let the hour begin anew with each page of somebody who has shown who she is.

    A cookie that the response sets itself, or takes away, stays as it is.
    """
    if is_proven(request, link) and _name(_holder(link)) not in response.cookies:
        give(response, link, proven=True)
    return response


def held(request: HttpRequest, purpose: str, now: datetime, pk: int | None = None) -> Link | None:
    """Return the live link of ``purpose`` that this browser has exchanged.

    :param pk: which one, for purposes of which a browser may hold several.
    """
    held_pk, issue, _proven = _read(request, pk or purpose, purpose)
    if pk is not None and pk != held_pk:
        return None
    link = Link.objects.filter(pk=held_pk, issue=issue, purpose=purpose).first()
    return link if link and link.state(now) == "live" else None


def is_proven(request: HttpRequest, link: Link) -> bool:
    """Whether the holder of this browser's cookie has shown who she is."""
    return _read(request, _holder(link), link.purpose) == (link.pk, link.issue, True)


def forget(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Take every link's cookie from this browser: whoever uses it next needs the mail again."""
    for name in request.COOKIES:
        if name.startswith(_name("")):
            response.delete_cookie(name, samesite="Lax")
    return response


def _lasts(purpose: str) -> int:
    """Return for how many seconds a cookie opens what it stands for."""
    return LONGER.get(purpose, LASTS)


def _holder(link: Link) -> int | str:
    return link.pk if link.purpose in SEVERAL else link.purpose


def _name(holder: int | str) -> str:
    return f"{settings.LINK_COOKIE_NAME}-{holder}"


def _read(request: HttpRequest, holder: int | str, purpose: str) -> tuple[int, int, bool]:
    try:
        raw = request.COOKIES.get(_name(holder), "")
        pk, issue, proven = signing.loads(raw, salt=SALT, max_age=_lasts(purpose))
    except (signing.BadSignature, ValueError, TypeError):
        return 0, 0, False
    return pk, issue, proven
