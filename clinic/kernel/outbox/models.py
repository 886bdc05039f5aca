"""The outbox: everything that is to leave after a fact was stored. The database is the truth."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.kernel.outbox.words import KINDS


class OutboxQuerySet(models.QuerySet):
    def unfinished(self) -> "OutboxQuerySet":
        """Rows that still have to leave."""
        return self.filter(state__in=[Outbox.State.WAITING, Outbox.State.SENDING])

    def in_state(self, state: str) -> "OutboxQuerySet":
        """Rows in one state, or all; newest first."""
        return (self.filter(state=state) if state else self).order_by("-id")

    def addressed_to(self, recipient: str) -> "OutboxQuerySet":
        """Rows for one recipient (``user:5``), newest first."""
        return self.filter(recipient=recipient).order_by("-id")

    def to_any_of(self, recipients: list[str]) -> "OutboxQuerySet":
        """Rows for any of these recipients."""
        return self.filter(recipient__in=recipients)

    def about(self, occasion: str) -> "OutboxQuerySet":
        """Rows of one occasion, newest first."""
        return self.filter(occasion=occasion).order_by("-id")

    def that_may_have_arrived(self) -> "OutboxQuerySet":
        """Rows that left, or may have been taken before the line broke."""
        return self.filter(models.Q(state=Outbox.State.SENT) | models.Q(maybe_twice=True))


class Outbox(models.Model):
    """One thing to send or make. Written in the transaction of the fact that asks for it.

    ``occasion`` says what it is about (``invitation:12``), ``recipient`` for whom (``user:5``,
    empty where nobody is written to); both hold keys, never names or addresses.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer needed, not sent")
        HELD = "held", _("held for safe contact")
        GIVEN_UP = "given_up", _("undeliverable, please call")

    kind = models.CharField(max_length=60)
    recipient = models.CharField(max_length=60, blank=True)
    occasion = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    urgent = models.BooleanField(default=False)
    not_before = models.DateTimeField()
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    maybe_twice = models.BooleanField(default=False)
    message_id = models.CharField(max_length=120, unique=True)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient", "occasion", "version"], name="one_message_an_occasion"
            ),
            models.CheckConstraint(
                condition=models.Q(state="sending", lease__isnull=False, lease_until__isnull=False)
                | models.Q(
                    ~models.Q(state="sending"), lease__isnull=True, lease_until__isnull=True
                ),
                name="leased_while_sending",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sending"], finished_at__isnull=True)
                | models.Q(~models.Q(state__in=["waiting", "sending"]), finished_at__isnull=False),
                name="finished_when_finished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], name="outbox_due", condition=models.Q(state="waiting")
            )
        ]

    @property
    def is_to_client(self) -> bool:
        return self.recipient.startswith("person:")

    @property
    def kind_words(self) -> str:
        """What it is about, in the words of lists; the bare kind where none are known."""
        return str(KINDS.get(self.kind, self.kind))

    def status(self, now: datetime) -> tuple[str, str]:
        """Return (tone, words) for people: ``("fix", "will retry")``."""
        if self.state == self.State.WAITING and self.attempts:
            return "fix", _("will retry")
        if self.state == self.State.WAITING and self.reason:
            return "info", _("waiting for the send window")
        if self.state == self.State.SENT and self.maybe_twice:
            return "go", _("sent, possibly twice")
        tones = {"sent": "go", "dropped": "none", "held": "fix", "given_up": "stop"}
        return tones.get(self.state, "info"), self.get_state_display()
