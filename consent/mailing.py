"""Mailing a request's link: each mail that carries it gives it seven days more."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clinic.kernel.action import action, record
from clinic.kernel.actors import Actor
from clinic.kernel.links.actions import issue_link
from clinic.kernel.links.models import Link
from clinic.people.birth_proof import HOLDER
from consent import emails
from consent.models import Request
from consent.moves import lock

LASTS = timedelta(days=7)


def mail_link(
    request: Request,
    kind: str,
    by: Actor,
    now: datetime,
    *,
    renew: bool = False,
    asked: bool = False,
) -> Link:
    """Mail ``kind`` with the link, prolonged; ``renew`` kills every link mailed before.

    ``asked``: she has just asked for it, by herself or by voice; it leaves at any hour.
    """
    link = prolong(request, by, now, renew=renew)
    emails.send(kind, request, now, asked=asked)
    return link


@action("consent.readdress", says=_("made a new link for the corrected address"))
def renew_for_new_address(*, request: Request, by: Actor, now: datetime) -> Link:
    """Renew the link of a mail on its way: its address was corrected after the mail was written."""
    request = lock(request)
    record(request.case)
    return prolong(request, by, now)


def was_let_on_quietly(request: Request) -> bool:
    """Whether staff gave its link longer without a mail, and did not send it again since.

    No reminder then, also where a new link was asked for: another may read her mail by now.
    """
    events = request.events.filter(what__in=["resent", "new_link", "prolonged"])
    by_staff = events.exclude(actor=HOLDER.actor_label).order_by("-number")
    return by_staff.values_list("what", flat=True).first() == "prolonged"


def prolong(request: Request, by: Actor, now: datetime, *, renew: bool = False) -> Link:
    """Give the link seven days from ``now``. A corrected address always gets a new link."""
    link = issue_link(
        purpose=Link.Purpose.CONSENT,
        subject=request.occasion,
        lasts=LASTS,
        renew=renew or request.address_changed,
        by=by,
        now=now,
    )
    request.mailed_to = request.signer.email_index
    until = [request.expires_at, link.expires_at] if request.on_paper else [link.expires_at]
    request.expires_at = max(until)  # a letter does not shorten the time that paper has
    request.save(update_fields=["expires_at", "mailed_to"])
    return link
