"""The signer's own wish for a new link, from a page that no longer opens."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clinic.kernel.action import action, record
from clinic.kernel.actors import Actor
from clinic.kernel.links.models import Link
from clinic.people.birth_proof import HOLDER, is_locked
from consent.client.progress import sealed_document
from consent.mailing import mail_link
from consent.models import Request, State
from consent.moves import add_event, lock, wake

RENEW_EVERY = timedelta(minutes=15)


def ask_new_link(*, link: Link | None, now: datetime) -> None:
    """Renew the link of a request that still waits for her, or that she signed: she sees how it
    stands, and fetches the sealed document. For anything else nothing happens.

    One that wrong birth dates locked is for staff to open, or five tries would be as many as one
    likes.
    """
    if link is None or link.purpose != Link.Purpose.CONSENT or is_locked(link):
        return
    request = Request.objects.of_link(link)
    if _mail_for(request):
        _renew(request=request, by=HOLDER, now=now)


def _mail_for(request: Request) -> str:
    """Return the kind of the mail that brings a new link; empty where there is none to bring."""
    if request.address_changed:  # whoever reads there is not she
        return ""
    if request.state in (State.SIGNED, State.COUNTERSIGNED):
        return "signed_copy" if sealed_document(request) else "new_link"
    # Where a newer one was sent and taken back, only staff decide to go on with this.
    expired = request.state == State.EXPIRED and not request.newer.exists()
    waits = (expired or request.is_live) and not request.is_out_of_hand
    return "new_link" if waits else ""


@action("consent.renew", says=_("asked for a new link"))
def _renew(*, request: Request, by: Actor, now: datetime) -> None:
    """At most one new link a quarter of an hour: each kills the one before.

    It leaves at once, but not outside of her safe hours: another may have pressed the button.
    """
    request = lock(request)
    record(request.case)
    recent = request.events.filter(what="new_link", at__gt=now - RENEW_EVERY)
    kind = _mail_for(request)
    if recent.exists() or not kind:  # ended meanwhile
        return
    wake(request, by, now)
    add_event(request, "new_link", by, now)
    at_once = request.signer.safe_from is None
    mail_link(request, kind, by, now, renew=True, asked=at_once)
