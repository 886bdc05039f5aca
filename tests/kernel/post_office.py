"""A real SMTP server that can be told to refuse, and messages that a test makes up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from aiosmtpd.controller import Controller

from clinic.embedded.redis import free_port
from clinic.kernel.outbox.delivery import claim, deliver
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import post
from clinic.kernel.outbox.registry import Letter
from tests.conftest import Collecting

PAST = datetime(2024, 1, 2, 4, 0, tzinfo=UTC)  # 12:00 in Taipei; due by any clock
ADDRESS = "xiaoman@client.example"
LETTER = Letter("Subject", "Text\n", "<p>Text</p>", "節氣工作室")


class Scripted(Collecting):
    """Answers as it is told. ``hang_up``: takes the message, then goes without a word."""

    def __init__(self):
        super().__init__()
        self.on_sender = self.on_recipient = "250 fine"
        self.on_message = "250 taken"
        self.hang_up = False

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:  # noqa: N802  aiosmtpd names it
        envelope.mail_from = address
        return self.on_sender

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802  aiosmtpd names it
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  aiosmtpd names it
        if self.on_message.startswith("250"):
            await super().handle_DATA(server, session, envelope)
        if self.hang_up:
            server.transport.abort()
        return self.on_message


@contextmanager
def post_office(settings) -> Iterator[Scripted]:
    """Run the server, and point the settings to it."""
    scripted = Scripted()
    server = Controller(scripted, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    try:
        yield scripted
    finally:
        server.stop()


def say(occasion="1", *, kind="test", recipient="test:1", now=PAST, **options):
    """Post a message, and return its row."""
    post(kind, recipient=recipient, occasion=occasion, now=now, **options)
    return Outbox.objects.get(kind=kind, recipient=recipient, occasion=occasion)


def again(row):
    return Outbox.objects.get(pk=row.pk)


def expire(row):
    Outbox.objects.filter(pk=row.pk).update(lease_until=PAST)


def step():
    """Deliver what is due once, without looking for more."""
    for row in claim():
        deliver(row)


def ids(messages):
    return [message["Message-ID"] for message in messages]
