"""Reminders of sessions, derived each minute: none, one or three beats give the same mails.

A reminder is named by the minute in which the session starts, so that a session moved to another
time is reminded of anew, and one whose room or link was changed is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast, Concat, Floor, Lower

from clinic.accounts.models import User
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import Message, post_all
from sessions.emails import NEWS, NOT_BOOKED, occasion
from sessions.models import CounsellingSession

# How long after its start a session still gets the row that says why nobody was reminded.
BACK = timedelta(hours=6)


@dataclass(frozen=True)
class Reminder:
    """One sort of reminder.

    :param ahead: how long before the start it is due.
    :param latest: how long before the start it makes sense at the latest.
    :param quiet: not written to whom a confirmation or change was written, or left, so shortly
        before it is due, or afterwards, nor while one waits to leave: that mail says the same.
    """

    kind: str
    ahead: timedelta
    latest: timedelta
    quiet: timedelta


DAY_BEFORE = Reminder(
    "session_reminder_24h", timedelta(hours=24), timedelta(hours=2), timedelta(hours=6)
)
HOUR_BEFORE = Reminder(
    "session_reminder_1h", timedelta(hours=1), timedelta(0), timedelta(minutes=30)
)
REMINDERS = {reminder.kind: reminder for reminder in (DAY_BEFORE, HOUR_BEFORE)}


class Epoch(Func):
    """Seconds since 1970. Django's own Extract would count them in the clinic's local time."""

    template = "date_part('epoch', %(expressions)s)"
    output_field = FloatField()


def minute(start: datetime) -> int:
    """Return the minute of a start, counted from 1970: the version of its reminders."""
    return int(start.timestamp() // 60)


def remind(now: datetime) -> None:
    """Write the reminders that are due, a late one too: it is dropped when it would leave."""
    for reminder in REMINDERS.values():
        post_all(_due(reminder, now), now=now)


def remind_again(session: CounsellingSession) -> None:
    """Let reminders leave after all that were dropped because the session was cancelled.

    One is written once only; whether it still holds is asked again when it leaves.
    """
    rows = Outbox.objects.about(occasion(session)).filter(kind__in=REMINDERS)
    dropped = rows.filter(state=Outbox.State.DROPPED, reason=NOT_BOOKED)
    dropped.update(state=Outbox.State.WAITING, finished_at=None, reason="")


def _due(reminder: Reminder, now: datetime) -> Iterator[Message]:
    """Yield the messages that are not written yet, with one query however many there are."""
    here = "case__participants__"
    first, last = now - BACK, now + reminder.ahead
    # The first question alone can use the index; the second one is exact.
    rows = CounsellingSession.objects.standing().between(first, last + timedelta(minutes=1))
    # What was stranded is written when it can begin again; dropped once, it would never be.
    rows = rows.filter(case__closed_at=None).exclude(counsellor__in=User.objects.who_left())
    rows = rows.filter(
        during__startswith__gt=first,
        during__startswith__lte=last,
        **{f"{here}left_at": None, f"{here}person__email_index__gt": ""},
    )
    rows = rows.annotate(
        start=Lower("during", output_field=DateTimeField()),
        named=Concat(Value("session:"), Cast("pk", CharField())),
        recipient=Concat(Value("person:"), Cast(F(f"{here}person_id"), CharField())),
    )
    rows = rows.annotate(minute=Cast(Floor(Epoch("start") / 60), BigIntegerField()))
    hers = Outbox.objects.filter(recipient=OuterRef("recipient"), occasion=OuterRef("named"))
    written = hers.filter(kind=reminder.kind, version=OuterRef("minute"))
    since = OuterRef("start") - (reminder.ahead + reminder.quiet)
    sent = Q(state=Outbox.State.SENT, finished_at__gt=since)
    leaves = Q(state__in=(Outbox.State.WAITING, Outbox.State.SENDING))
    news = hers.exclude(state=Outbox.State.DROPPED).filter(  # what never left told her nothing
        sent | leaves | Q(created_at__gt=since), kind__in=NEWS
    )
    for row in rows.exclude(Exists(written) | Exists(news)).values("recipient", "named", "minute"):
        yield Message(reminder.kind, row["recipient"], row["named"], row["minute"])
