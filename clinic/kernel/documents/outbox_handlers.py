"""Documents are made when their row leaves the outbox."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.kernel.documents.actions import RENDER
from clinic.kernel.documents.making import make
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import Done, Recipient, handler


@handler(RENDER, _("sealed document"))
def render_document(row: Outbox, who: Recipient | None, now: datetime) -> Done:
    """Make the document; how it went stands on the document, which asks again by itself."""
    make(int(row.occasion.removeprefix("document:")), now)
    return Done()
