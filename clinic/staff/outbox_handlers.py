"""What notices about licences say, decided when they leave."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clinic.kernel.letters import compose
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import Drop, Letter, Recipient, handler
from clinic.organisation.letterhead import letterhead
from clinic.staff.models import Credential
from clinic.staff.reminders import NOTICE_DAYS


def _notice(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    """A licence ends soon; dropped when it was renewed or withdrawn meanwhile."""
    _kind, pk, last_day = row.occasion.split(":")
    credential = Credential.objects.on_file().filter(pk=pk).first()
    if who is None or credential is None or str(credential.last_day) != last_day:
        return Drop("licence changed")
    if credential.is_renewed():
        return Drop("licence renewed")
    user = credential.practitioner.user
    values = letterhead() | {
        "recipient_name": who.name,
        "document_name": str(credential.get_kind_display()),
        "expires_on": last_day,
        "days_left": str(credential.days_left(timezone.localdate(now))),
        "link": settings.PUBLIC_BASE_URL + reverse("member", args=[user.pk]),
    }
    return compose(row.kind, who, values)


for _days in NOTICE_DAYS:
    _says = format_lazy(_("licence ends within {days} days"), days=_days)
    handler(f"licence_expiry_{_days}", _says)(_notice)
