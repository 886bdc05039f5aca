"""Seven days more for a link that was mailed before, without another mail."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action
from consent.actions import ask_for_case, ask_live, ask_open, note_both
from consent.dead_links import locked_link
from consent.mailing import prolong
from consent.models import Request
from consent.moves import add_event, lock, wake
from consent.of_age import ask_of_age


def has_link(request: Request) -> bool:
    """Whether the signer holds a link of it: mailed to the address that she has, and not locked."""
    mailed = bool(request.mailed_to) and not request.address_changed
    return mailed and locked_link(request) is None


@action("consent.prolong", says=_("gave the link of the consent request seven days more"))
def give_longer(*, request: Request, by, now: datetime) -> Request:
    """Let the link that she holds work for seven days from now, without a mail."""
    ask_for_case(request.case, by)
    ask_open(request.case)
    request = lock(request)
    if not has_link(request):
        raise Refused(
            "consent.no_link",
            _("The client has no link of this request that could work longer."),
            _("Please send a new one, or use the paper form."),
        )
    wake(request, by, now)
    ask_live(request)
    ask_of_age(request.signer, now)
    add_event(request, "prolonged", by, now)
    note_both(request)
    prolong(request, by, now)
    return request
