"""Putting a message into the outbox. The only place that wakes the worker."""

import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from clinic.kernel.outbox.models import Outbox

log = logging.getLogger(__name__)
UNDO = timedelta(minutes=3)
REST_SECONDS = 10
_rests_until = 0.0  # time.monotonic()


@dataclass(frozen=True)
class Message:
    """What tells one message from all others. ``recipient`` is empty where nobody is written to."""

    kind: str
    recipient: str
    occasion: str
    version: int = 1

    def row(self, now: datetime, *, urgent: bool, delay: timedelta) -> Outbox:
        """Return the message as a row with a Message-ID of its own, not saved yet."""
        return Outbox(
            kind=self.kind,
            recipient=self.recipient,
            occasion=self.occasion,
            version=self.version,
            urgent=urgent,
            not_before=now + delay,
            message_id=f"<{uuid.uuid4()}@{settings.MAIL_FROM.rpartition('@')[2]}>",
            created_at=now,
        )


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
    message = Message(kind, recipient, occasion, version)
    if Outbox.objects.filter(**vars(message)).exists():
        return False
    row = message.row(now, urgent=urgent, delay=delay)
    Outbox.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(wake)
    return True


def post_all(messages: Iterable[Message], *, now: datetime) -> None:
    """Add messages that keep the window of the day, with one query; those already there stay."""
    rows = [message.row(now, urgent=False, delay=timedelta(0)) for message in messages]
    if rows:
        Outbox.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(wake)


def wake() -> None:
    """Hint the worker. Without Redis the row waits: the first sweep after it is back finds it.

    After a failure the hints rest for a while, so that a broker that is down slows one page, not
    each message of each page.
    """
    global _rests_until  # noqa: PLW0603  one a process, as is its connection
    if time.monotonic() < _rests_until:
        return
    try:
        current_app.send_task("clinic.deliver_outbox", retry=False)
    except (OSError, OperationalError, RedisError):  # away, or it refuses writes
        _rests_until = time.monotonic() + REST_SECONDS
        log.warning("the broker could not be reached; messages wait until it is back")
