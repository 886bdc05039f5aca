"""A request that ended without a consent: Today tells of it until staff say that it is dealt with."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action
from consent.actions import ask_for_case, ask_open, note_both
from consent.models import DEALT_WITH, UNRESOLVED, Request
from consent.moves import add_event, lock


def may_be_done(request: Request) -> bool:
    """Whether it ended without a consent, nobody dealt with it, and its signer was not asked anew."""
    return (
        request.state in UNRESOLVED
        and request.case.closed_at is None
        and not request.events.filter(what=DEALT_WITH, at__gte=request.ended_at).exists()
        and not request.is_followed
    )


@action("consent.deal_with", says=_("marked the ended consent request as dealt with"))
def deal_with(*, request: Request, by, now: datetime) -> Request:
    """Take an unresolved request off Today. It moves nowhere: it ended as it did.

    An expired one may still be sent again; if it expires once more, Today asks once more.
    """
    ask_for_case(request.case, by)
    ask_open(request.case)
    request = lock(request)
    if not may_be_done(request):
        raise Refused(
            "consent.nothing_to_do",
            _("Nothing is to be done here any more."),
            _("Please load the page again."),
        )
    add_event(request, DEALT_WITH, by, now)
    note_both(request)
    return request
