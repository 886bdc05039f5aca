"""What follows from the time: reminders on day two and four, expiry, the finished copy.

Derived each minute over a window, so any number of beats gives the same mails.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action, record
from clinic.kernel.actors import Actor, System
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import post
from consent.actions import expire
from consent.emails import tell_psychologist
from consent.mailing import prolong, was_let_on_quietly
from consent.models import WOKEN, Request, State
from consent.moves import lock

BY = System("consent")
DAYS = (2, 4)
REACH_BACK = timedelta(days=1)
COPIES_REACH_BACK = timedelta(days=30)  # for when nothing ran: late, the copy is still hers


def remind(now: datetime) -> None:
    """Remind on day two and four after sending or waking, with the same link; none too late."""
    for day in DAYS:
        since = timedelta(days=day)
        start, end = now - since - REACH_BACK, now - since
        for request in Request.objects.live().in_hand().asked_between(start, end):
            held = request.address_changed or request.on_paper or was_let_on_quietly(request)
            if not held:
                _once(request, f"consent_reminder_day{day}", now)


def expire_overdue(now: datetime) -> None:
    """End requests whose time is over."""
    for request in Request.objects.overdue(now):
        expire(request=request, by=BY, now=now)


def send_copies(now: datetime) -> None:
    """Tell the signer once that the sealed document can be fetched."""
    for request in Request.objects.sealed_since(now - COPIES_REACH_BACK):
        if request.signer.email and request.signer.may_be_mailed:
            _once(request, "signed_copy", now)
        else:  # she has no link: the psychologist prints the copy and hands it over
            _tell_once(request, now)


def _once(request: Request, kind: str, now: datetime) -> None:
    sent = Outbox.objects.about(request.occasion).filter(kind=kind, version=_round(request))
    if not sent.exists():
        with suppress(Refused):  # it ended while the beat was reading
            mail_again(request=request, kind=kind, by=BY, now=now)


def _round(request: Request) -> int:
    """Tell the mails of a woken request from those before: it is reminded anew."""
    return 1 + request.events.filter(what=WOKEN).count()


def _tell_once(request: Request, now: datetime) -> None:
    told = Outbox.objects.about(request.occasion).filter(kind="consent_for_psychologist")
    if not told.filter(version=request.events.count()).exists():
        tell_sealed(request=request, by=BY, now=now)


@action("consent.sealed", says=_("the consent form is sealed"))
def tell_sealed(*, request: Request, by: Actor, now: datetime) -> None:
    """Tell the psychologist alone that the sealed document can be printed for the client."""
    tell_psychologist("consent_for_psychologist", request, now)
    record(request.case)


@action("consent.mail", says=_("sent the link to the client"))
def mail_again(*, request: Request, kind: str, by: Actor, now: datetime) -> None:
    """The mail and the link that it carries, both or neither: an ended link would drop the mail.

    Refused for what ended in the meantime.
    """
    request = lock(request)
    waits = request.is_live and not request.is_stranded
    if not (waits or request.state == State.COUNTERSIGNED):
        raise Refused("consent.moved_on", _("This can no longer be changed."))
    prolong(request, by, now)
    copy = kind == "signed_copy"
    post(
        kind,
        recipient=request.signer.actor_label,
        occasion=request.occasion,
        version=_round(request),
        urgent=copy and request.signer.safe_from is None,  # she waits for it; safe hours come first
        now=now,
    )
    if copy:  # both hear that the document is sealed
        tell_psychologist("consent_for_psychologist", request, now)
    record(request.case)
