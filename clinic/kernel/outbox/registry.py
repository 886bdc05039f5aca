"""What the outbox can do (handlers) and whom it can reach (recipients); each app registers its own.

``outbox_handlers.py`` of an app holds one handler per kind, ``recipients.py`` one resolver per
sort of recipient. A handler runs in the worker when its row is claimed, and asks again whether
the message still holds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.words import KINDS


@dataclass(frozen=True)
class Letter:
    """A mail without its address: what to say. ``html`` and ``text`` say the same."""

    subject: str
    text: str
    html: str
    sender: str
    files: tuple[tuple[str, bytes, str], ...] = ()

    def to_message(self, row: Outbox, address: str, from_address: str) -> EmailMultiAlternatives:
        """Return the mail, with the row's own Message-ID."""
        mail = EmailMultiAlternatives(
            self.subject,
            self.text,
            formataddr((self.sender, from_address)),  # a comma in a name is no second address
            [address],
            headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(self.html, "text/html")
        for name, content, kind in self.files:
            mail.attach(name, content, kind)
        return mail


@dataclass(frozen=True)
class Drop:
    """No longer needed; ``reason`` is a key, never a name."""

    reason: str


@dataclass(frozen=True)
class Done:
    """A handler that wrote to nobody has done its work."""


@dataclass(frozen=True)
class Recipient:
    """Whom a message reaches, as known at the moment of sending.

    :param email: empty when there is none.
    :param client: unasked mail to clients keeps to a window of the day.
    :param may_mail: False where the person said never to write.
    :param neutral: the letter hides what the clinic does.
    :param zones: those that the recipient may live by; several where hers is not known.
    :param window: from and until, in each of ``zones``; a person's safe hours narrow it.
    """

    email: str
    language: str
    name: str
    client: bool = False
    may_mail: bool = True
    neutral: bool = False
    zones: tuple[str, ...] = ("Asia/Taipei",)
    window: tuple[time, time] = field(default=(time(8), time(21)))


Outcome = Letter | Drop | Done
Handler = Callable[[Outbox, Recipient | None, datetime], Outcome]
HANDLERS: dict[str, Handler] = {}
RESOLVERS: dict[str, Callable[[int], Recipient | None]] = {}
RESPONSIBLE: dict[str, Callable[[Outbox], int | None]] = {}


def handler(kind: str, says: str) -> Callable[[Handler], Handler]:
    """Register the one handler of ``kind``; ``says`` is what lists call it."""

    def decorate(function: Handler) -> Handler:
        _register(HANDLERS, kind)(function)
        KINDS[kind] = says
        return function

    return decorate


def recipient(sort: str) -> Callable:
    """Register the resolver for recipients written ``sort:id``."""
    return _register(RESOLVERS, sort)


def responsible(sort: str) -> Callable:
    """Register who telephones when a message on an occasion written ``sort:id`` reaches nobody.

    The function returns the id of an account, or None for the administrators.
    """
    return _register(RESPONSIBLE, sort)


def who_telephones(row: Outbox) -> int | None:
    """Return the id of the account that knows whom ``row`` was for; None: the administrators."""
    find = RESPONSIBLE.get(row.occasion.partition(":")[0])
    return find(row) if find else None


def _register(table: dict[str, Any], name: str) -> Callable:
    def decorate(function: Callable) -> Callable:
        if name in table:
            raise ValueError(f"{name} is registered twice.")
        table[name] = function
        return function

    return decorate


def resolve(row: Outbox) -> Recipient | None:
    """Return whom ``row`` reaches; None when it writes to nobody or the recipient is gone."""
    if not row.recipient:
        return None
    sort, _colon, number = row.recipient.partition(":")
    return RESOLVERS[sort](int(number))
