"""The worker at a moment that a test chooses, and what the letters it sent hold."""

from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import time_machine
from icalendar import Calendar, Event

from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from sessions.reminders import remind
from tests.sessions.conftest import CLIENT

PAST = datetime(2024, 1, 1, tzinfo=UTC)
TAIPEI = ZoneInfo("Asia/Taipei")


def at(text: str) -> datetime:
    """A time in Taipei, such as ``2035-10-28 17:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


def deliver(now: datetime) -> None:
    """Deliver what is due at ``now``. The database has a clock of its own: it sees it as due."""
    waiting = Outbox.objects.filter(state="waiting", not_before__lte=now)
    waiting.update(not_before=PAST)
    with time_machine.travel(now, tick=False):
        deliver_due()


def work(now: datetime) -> None:
    """One beat, and the delivery after it."""
    remind(now)
    deliver(now)


def mails_to(mailbox: list[EmailMessage], address: str = CLIENT) -> list[EmailMessage]:
    return [mail for mail in mailbox if mail["To"] == address]


def part(mail: EmailMessage, kind: str) -> str:
    """The text of the mail's part of a kind: ``plain``, ``html`` or ``calendar``."""
    return next(p.get_content() for p in mail.walk() if p.get_content_subtype() == kind)


def subject(mail: EmailMessage) -> str:
    """The subject; a long one is folded before its first word."""
    return mail["Subject"].strip()


def whole(mail: EmailMessage) -> str:
    """Everything a reader of the mail could see, the headers too."""
    texts = [p.get_content() for p in mail.walk() if p.get_content_maintype() == "text"]
    return "\n".join([*(str(value) for value in mail.values()), *texts])


def event_of(mail: EmailMessage) -> tuple[Calendar, Event]:
    """The calendar file of a mail, read by the library."""
    calendar = Calendar.from_ical(part(mail, "calendar"))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def outbox(kind: str = "") -> list[tuple[str, str, str]]:
    """(kind, state, reason) of each message about sessions, the oldest first."""
    rows = Outbox.objects.filter(kind__startswith=kind or "session_").order_by("pk")
    return [(row.kind, row.state, row.reason) for row in rows]
