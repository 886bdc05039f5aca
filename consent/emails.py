"""Mails about consent: one outbox row each, told apart by the number of the request's last event."""

from datetime import datetime, timedelta

from clinic.kernel.links.models import Link
from clinic.kernel.outbox.post import UNDO, post
from consent.models import Request

WISH = "consent.new_link_wish"
QUARTER = 900  # seconds in which a wish said twice is one


def send(kind: str, request: Request, now: datetime, *, asked: bool = False) -> None:
    """Write ``kind`` to the signer. A request that staff just made waits three minutes (undo).

    :param asked: she has just asked for it, so it leaves at any hour; the rest keeps her window.
    """
    post(
        kind,
        recipient=request.signer.actor_label,
        occasion=request.occasion,
        version=request.events.count(),
        urgent=asked,
        delay=UNDO if kind == "consent_request" else timedelta(0),
        now=now,
    )


def tell_psychologist(kind: str, request: Request, now: datetime) -> None:
    """Write ``kind`` to the psychologist of the case."""
    post(
        kind,
        recipient=request.case.counsellor.actor_label,
        occasion=request.occasion,
        version=request.events.count(),
        now=now,
    )


def wish_new_link(link: Link | None, now: datetime) -> None:
    """Leave the wish for a new link to the worker: the same work here for any token or none."""
    number, quarter = link.pk if link else 0, int(now.timestamp()) // QUARTER
    post(WISH, occasion=f"link:{number}", version=quarter, urgent=True, now=now)
