"""Issuing, exchanging and closing links."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clinic.kernel.action import action, record
from clinic.kernel.links.models import Link, LinkToken, LinkUse, token_hash


@action("link.issue", says=_("issued a link"))
def issue_link(
    *, purpose: str, subject: str, lasts: timedelta, renew: bool = False, by, now: datetime
) -> Link:
    """Return the open link of a purpose and subject, made or prolonged to ``now + lasts``.

    :param renew: raise the issue number, so that every link mailed before dies.
    """
    link, made = Link.objects.select_for_update().get_or_create(
        purpose=purpose,
        subject=subject,
        closed_at=None,
        defaults={"expires_at": now + lasts},
    )
    if not made and renew:
        link.issue += 1
    link.expires_at = now + lasts
    link.save(update_fields=["issue", "expires_at"])
    LinkToken.objects.get_or_create(
        link=link, issue=link.issue, defaults={"token_hash": token_hash(link.token)}
    )
    record(link, note=f"{purpose} {subject} #{link.issue}")
    return link


@action("link.exchange", says=_("opened a link"))
def exchange_link(*, link: Link, device: str, by, now: datetime) -> LinkUse:
    """Note that a link was exchanged for a cookie."""
    use = LinkUse.objects.create(link=link, issue=link.issue, at=now, device=device[:300])
    record(link)
    return use


def close_link(*, purpose: str, subject: str, how: str, by, now: datetime) -> None:
    """Close the open link of a purpose and subject, if there is one. ``how``: Link.Closed."""
    for link in Link.objects.filter(purpose=purpose, subject=subject, closed_at=None):
        _close(link=link, how=how, by=by, now=now)


@action("link.close", says=_("closed a link"))
def _close(*, link: Link, how: str, by, now: datetime) -> None:
    """Close one link; another end that came first stays."""
    first = Link.objects.filter(pk=link.pk, closed_at=None).update(closed=how, closed_at=now)
    record(link, note=how if first else "closed already")
