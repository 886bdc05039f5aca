"""What mails about accounts say, decided when they leave."""

from datetime import datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.accounts.actions import RESET_LASTS
from clinic.accounts.models import User
from clinic.kernel.actors import System
from clinic.kernel.dates import moment
from clinic.kernel.letters import compose
from clinic.kernel.links.actions import issue_link
from clinic.kernel.links.models import Link
from clinic.kernel.links.views import link_url
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import Drop, Letter, Recipient, handler
from clinic.organisation.letterhead import letterhead

RESET_SPAN, RESETS_IN_SPAN = timedelta(hours=1), 3
ENOUGH_TO_USE = timedelta(minutes=15)  # a mail needs a while to come, and a password to be chosen


def _user(row: Outbox) -> User:
    return User.objects.get(pk=row.recipient.removeprefix("user:"))


@handler("staff_invitation", _("invitation"))
def invitation(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    """The link to set an account up; dropped when it was closed or replaced meanwhile."""
    link = Link.objects.get(pk=row.occasion.removeprefix("link:"))
    if who is None or link.issue != row.version or link.state(now) != "live":
        return Drop("link closed")
    values = letterhead() | {
        "recipient_name": who.name,
        "role_name": gettext(", ").join(_user(row).role_names),
        "link": link_url(link.token),
        "expires_at": moment(link.expires_at),
    }
    return compose("staff_invitation", who, values)


def _has_enough(row: Outbox, now: datetime) -> bool:
    """Whether the mail left RESETS_IN_SPAN times within RESET_SPAN."""
    sent = Outbox.objects.filter(kind=row.kind, recipient=row.recipient, state=Outbox.State.SENT)
    return sent.filter(finished_at__gt=now - RESET_SPAN).count() >= RESETS_IN_SPAN


@handler("password_reset", _("new password"))
def password_reset(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    """The link for a new password. Who has not set the account up yet needs the invitation.

    Anybody may ask for it; whoever asks again and again fills no mailbox while the link that was
    mailed still works. Workers at the same moment may let one more leave. No link outlives
    RESET_LASTS, whoever asks: near its end, and after it, the new mail carries another one.
    """
    if who is None or _user(row).joined_at is None:
        return Drop("no such account")
    live = Link.objects.live(Link.Purpose.PASSWORD_RESET, row.recipient, now)
    if live and _has_enough(row, now):
        return Drop("asked too often")
    if live and live.expires_at - now >= ENOUGH_TO_USE:
        link = live
    else:
        link = issue_link(
            purpose=Link.Purpose.PASSWORD_RESET,
            subject=row.recipient,
            lasts=RESET_LASTS,
            renew=True,
            by=System("accounts"),
            now=now,
        )
    values = letterhead() | {
        "recipient_name": who.name,
        "link": link_url(link.token),
        "expires_at": moment(link.expires_at),
    }
    return compose("password_reset", who, values)
