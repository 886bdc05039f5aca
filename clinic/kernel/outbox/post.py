"""Putting a message into the outbox. The only place that wakes the worker."""

import logging
import time
import uuid
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from clinic.kernel.outbox.models import Outbox

log = logging.getLogger(__name__)
UNDO = timedelta(minutes=3)
REST_SECONDS = 10
_rests_until = 0.0  # time.monotonic()


def post(
    kind: str,
    *,
    recipient: str = "",
    occasion: str,
    now: datetime,
    version: int = 1,
    urgent: bool = False,
    delay: timedelta = timedelta(0),
) -> bool:
    """Add a message inside the caller's transaction; the same one twice is one.

    Returns whether it was new.

    :param urgent: leaves at any hour (accounts, crisis, what the recipient has just asked for).
    :param delay: how long staff may still take back what they did (UNDO for changes).
    """
    domain = settings.MAIL_FROM.rpartition("@")[2]
    row = Outbox(
        kind=kind,
        recipient=recipient,
        occasion=occasion,
        version=version,
        urgent=urgent,
        not_before=now + delay,
        message_id=f"<{uuid.uuid4()}@{domain}>",
        created_at=now,
    )
    named = {"kind": kind, "recipient": recipient, "occasion": occasion, "version": version}
    if Outbox.objects.filter(**named).exists():
        return False
    Outbox.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(wake)
    return True


def wake() -> None:
    """Hint the worker. Without Redis the sweep finds the row a few seconds later.

    After a failure the hints rest for a while, so that a broker that is down slows one page, not
    each message of each page.
    """
    global _rests_until  # noqa: PLW0603  one a process, as is its connection
    if time.monotonic() < _rests_until:
        return
    try:
        current_app.send_task("clinic.deliver_outbox", retry=False)
    except (OSError, OperationalError):
        _rests_until = time.monotonic() + REST_SECONDS
        log.warning("the broker could not be reached; the sweep will deliver")
