"""Delivering what is due: claim under a lease, commit, only then open SMTP.

Promise: never lost, at most one extra copy per crash, always the same Message-ID.
"""

import logging
import smtplib
import traceback
import uuid
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection, transaction
from django.utils import timezone, translation

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import HANDLERS, Drop, Letter, Recipient, resolve
from clinic.kernel.tasks.undelivered import ask_to_telephone

log = logging.getLogger(__name__)
BATCH = 10
MAX_ATTEMPTS = 8  # with waits of 1, 2, 4 … 64 minutes: about two hours
# An hour that suits comes each day, but for one that a clock leaps over.
FURTHEST = timedelta(days=3)

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
RENEW = """
UPDATE clinic_outbox
SET lease_until = statement_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = %(id)s AND lease = %(lease)s
"""


class Unanswered(Exception):
    """The line broke while a message was handed over: it may have been taken."""


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
        seconds = settings.OUTBOX_LEASE_SECONDS
        cursor.execute(CLAIM, {"batch": batch, "lease": lease, "seconds": seconds})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Outbox.objects.filter(id__in=ids).order_by("-urgent", "not_before", "id"))


def deliver(row: Outbox) -> None:
    """Do what one claimed row asks, and store how it ended. One taken over meanwhile is left."""
    if not _renewed(row):
        return
    now = timezone.now()
    try:
        who = resolve(row)
        if who and (held := _held_back(row, who, now)):
            _end(row, **held)
            return
        with translation.override(who.language if who else settings.LANGUAGE_CODE):
            outcome = HANDLERS[row.kind](row, who, now)
        if isinstance(outcome, Letter):
            _send(row, outcome, who)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        _failed(row, now, f"smtp {codes[0]}", final=all(c >= 500 for c in codes))
    except smtplib.SMTPDataError as error:
        _failed(row, now, f"smtp {error.smtp_code}", final=error.smtp_code >= 500)
    except smtplib.SMTPResponseException as error:
        # Greeting, login or sender: our own set-up is refused, not this message.
        _failed(row, now, f"smtp {error.smtp_code}")
    except Unanswered:
        _failed(row, now, "no answer", maybe_twice=True)
    except Exception as error:  # noqa: BLE001  one bad row must not stop the others
        # Where it went wrong, without its words: they may hold a name.
        place = "".join(traceback.format_tb(error.__traceback__))
        name = type(error).__name__
        log.error("outbox row %s (%s) was not delivered: %s\n%s", row.pk, row.kind, name, place)  # noqa: TRY400
        _failed(row, now, name)
    else:
        _done(row, outcome)


def _renewed(row: Outbox) -> bool:
    """Begin the lease anew before each message, so that a slow batch never outlives its own."""
    with connection.cursor() as cursor:
        seconds = settings.OUTBOX_LEASE_SECONDS
        cursor.execute(RENEW, {"id": row.pk, "lease": row.lease, "seconds": seconds})
        return cursor.rowcount == 1


def _held_back(row: Outbox, who: Recipient, now: datetime) -> dict | None:
    """Return the changes for a row that must not leave now: safe contact, the window of the day."""
    if not who.may_mail:
        return {"state": Outbox.State.HELD, "reason": "safe contact", "finished_at": now}
    if not who.email:
        gone = {"state": Outbox.State.GIVEN_UP, "reason": "no address", "finished_at": now}
        return gone | {"task": "no_address"}
    if row.urgent or not who.client:
        return None
    opens = next_opening(who, now)
    if opens is None:  # unlike "never mail", nobody chose that
        held = {"state": Outbox.State.HELD, "reason": "no safe hour", "finished_at": now}
        return held | {"task": "undeliverable"}
    if opens == now:
        return None
    return {"state": Outbox.State.WAITING, "reason": "send window", "not_before": opens}


def next_opening(who: Recipient, now: datetime) -> datetime | None:
    """Return the first moment from ``now`` on inside the recipient's window of the day.

    Where her zone is not known, inside it in every zone that she may live by, so that it is never
    night, nor an hour that is not safe. None where there is no such moment: the window is empty, or
    the zones lie too far apart. The whole day meets itself in every country that people live in
    (three hours are left in Russia, seven in the United States).
    """
    start, end = who.window
    moment = now.astimezone(UTC)
    while start < end and moment < now + FURTHEST:
        latest = max(_opening(who.window, ZoneInfo(zone), moment) for zone in who.zones)
        if latest == moment:
            return moment
        moment = latest
    return None


def _opening(window: tuple[time, time], zone: ZoneInfo, now: datetime) -> datetime:
    """Return the first moment from ``now`` on inside the window by one clock.

    The window begins before it ends; it does not cross midnight.
    """
    local = now.astimezone(zone)
    start, end = window
    if start <= local.time() < end:
        return now
    day = local.date() + timedelta(days=local.time() >= end)
    return datetime.combine(day, start, tzinfo=zone).astimezone(UTC)


def _send(row: Outbox, letter: Letter, who: Recipient) -> None:
    message = letter.to_message(row, who.email, settings.MAIL_FROM)
    message.connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    message.connection.open()
    try:
        message.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        raise
    except OSError as error:
        raise Unanswered from error
    finally:
        with suppress(OSError):  # the message is taken or not; how we part changes nothing
            message.connection.close()


def _done(row: Outbox, outcome: object) -> None:
    now = timezone.now()
    if isinstance(outcome, Drop):
        _end(row, state=Outbox.State.DROPPED, reason=outcome.reason, finished_at=now)
    else:
        _end(row, state=Outbox.State.SENT, reason="", finished_at=now)


def _failed(row: Outbox, now: datetime, reason: str, *, final: bool = False, **more) -> None:
    attempts = row.attempts + 1
    if final or attempts >= MAX_ATTEMPTS:
        more |= {"task": "undeliverable", "state": Outbox.State.GIVEN_UP, "finished_at": now}
    else:
        wait = timedelta(minutes=2 ** (attempts - 1))
        more |= {"state": Outbox.State.WAITING, "not_before": now + wait}
    _end(row, attempts=attempts, reason=reason[:200], **more)


def _end(row: Outbox, *, task: str = "", **changes) -> None:
    """Store the end of a lease and the task that follows from it, both or neither.

    Only of our own: where another worker has taken over, the row is that one's to end.
    """
    with transaction.atomic():
        mine = Outbox.objects.filter(pk=row.pk, lease=row.lease)
        if mine.update(lease=None, lease_until=None, **changes) and task:
            ask_to_telephone(row, task, changes["finished_at"])
