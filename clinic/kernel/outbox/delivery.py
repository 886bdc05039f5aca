"""Delivering what is due: claim under a lease, commit, only then open SMTP.

Promise: never lost, at most one extra copy per crash, always the same Message-ID.
"""

import logging
import smtplib
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.utils import timezone, translation

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import (
    HANDLERS,
    Drop,
    Letter,
    Recipient,
    resolve,
)
from clinic.kernel.tasks.undelivered import ask_to_telephone

log = logging.getLogger(__name__)
LEASE_SECONDS = 120
BATCH = 10
MAX_ATTEMPTS = 8  # with waits of 1, 2, 4 … 64 minutes: about two hours

# The rows are chosen in a materialised step: with IN (SELECT … LIMIT) more would be claimed.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM clinic_outbox
    WHERE (state = 'waiting' AND not_before <= statement_timestamp())
       OR (state = 'sending' AND lease_until < statement_timestamp())
    ORDER BY urgent DESC, not_before, id
    LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
UPDATE clinic_outbox AS o
SET maybe_twice = o.maybe_twice OR o.state = 'sending', state = 'sending',
    lease = %(lease)s, lease_until = statement_timestamp() + make_interval(secs => %(seconds)s)
FROM due WHERE o.id = due.id
RETURNING o.id
"""


def deliver_due() -> int:
    """Claim and deliver until nothing is due; return how many rows were worked on."""
    count = 0
    while claimed := claim():
        for row in claimed:
            deliver(row)
        count += len(claimed)
    return count


def claim(batch: int = BATCH) -> list[Outbox]:
    """Lease up to ``batch`` due rows by the database's clock. The lease is committed at once."""
    lease = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"batch": batch, "lease": lease, "seconds": LEASE_SECONDS})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Outbox.objects.filter(id__in=ids).order_by("-urgent", "not_before", "id"))


def deliver(row: Outbox) -> None:
    """Do what one claimed row asks, and store how it ended."""
    now = timezone.now()
    try:
        who = resolve(row)
        if who and (later := _held_back(row, who, now)):
            return _finish(row, **later)
        with translation.override(who.language if who else settings.LANGUAGE_CODE):
            outcome = HANDLERS[row.kind](row, who, now)
        if isinstance(outcome, Letter):
            _send(row, outcome, who)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        return _failed(row, now, f"smtp {codes[0]}", final=all(c >= 500 for c in codes))
    except smtplib.SMTPResponseException as error:
        return _failed(row, now, f"smtp {error.smtp_code}", final=error.smtp_code >= 500)
    except Exception as error:
        log.exception("outbox row %s (%s) was not delivered", row.pk, row.kind)
        return _failed(row, now, type(error).__name__, final=False)
    if isinstance(outcome, Drop):
        return _finish(row, state=Outbox.State.DROPPED, reason=outcome.reason, finished_at=now)
    return _finish(row, state=Outbox.State.SENT, reason="", finished_at=timezone.now())


def _held_back(row: Outbox, who: Recipient, now: datetime) -> dict | None:
    """Return the changes for a row that must not leave now: safe contact, the window of the day."""
    if not who.may_mail:
        return {"state": Outbox.State.HELD, "reason": "safe contact", "finished_at": now}
    if not who.email:
        ask_to_telephone(row, "no_address", now)
        return {"state": Outbox.State.GIVEN_UP, "reason": "no address", "finished_at": now}
    if row.urgent or not who.client:
        return None
    opens = next_opening(who, now)
    if opens == now:
        return None
    return {"state": Outbox.State.WAITING, "reason": "send window", "not_before": opens}


def next_opening(who: Recipient, now: datetime) -> datetime:
    """Return the first moment from ``now`` on inside the recipient's window of the day."""
    local = now.astimezone(ZoneInfo(who.zone))
    start, end = who.window
    if start <= local.time() < end:
        return now
    day = local.date() + timedelta(days=local.time() >= end)
    return datetime.combine(day, start, tzinfo=local.tzinfo)


def _send(row: Outbox, letter: Letter, who: Recipient) -> None:
    message = letter.to_message(row, who.email, settings.MAIL_FROM)
    message.connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    message.send()


def _failed(row: Outbox, now: datetime, reason: str, *, final: bool) -> None:
    attempts = row.attempts + 1
    if final or attempts >= MAX_ATTEMPTS:
        ask_to_telephone(row, "undeliverable", now)
        changes = {"state": Outbox.State.GIVEN_UP, "finished_at": now}
    else:
        wait = timedelta(minutes=2 ** (attempts - 1))
        changes = {"state": Outbox.State.WAITING, "not_before": now + wait}
    _finish(row, attempts=attempts, reason=reason[:200], **changes)


def _finish(row: Outbox, **changes) -> None:
    """Store the end of a lease, but only of our own: another worker may have taken over."""
    mine = Outbox.objects.filter(pk=row.pk, lease=row.lease)
    mine.update(lease=None, lease_until=None, **changes)
