"""Links that are mailed. The database holds only a hash of what stands in the mail."""

import base64
import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.kernel.append_only import AppendOnly


class LinkQuerySet(models.QuerySet):
    def live(self, purpose: str, subject: str, now: datetime) -> "Link | None":
        """Return the open link of a purpose and subject, if it has not expired."""
        link = self.filter(purpose=purpose, subject=subject, closed_at=None).first()
        return link if link and link.state(now) == "live" else None


class Link(models.Model):
    """One link for one holder and purpose.

    The token is an HMAC over purpose, row and issue number: a reminder carries the same link
    without the database knowing it, and raising ``issue`` kills the old one at once.
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("invitation to set up an account")
        PASSWORD_RESET = "password_reset", _("new password")
        CONSENT = "consent", _("document to read and sign")
        APPOINTMENT = "appointment", _("appointment")

    class Closed(models.TextChoices):
        DONE = "done", _("used")
        REVOKED = "revoked", _("revoked")

    purpose = models.CharField(max_length=30, choices=Purpose)
    subject = models.CharField(max_length=60)
    issue = models.PositiveIntegerField(default=1)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed = models.CharField(max_length=10, choices=Closed, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_link",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed="")
                | models.Q(~models.Q(closed=""), closed_at__isnull=False),
                name="link_closed_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    purpose__in=["invitation", "password_reset", "consent", "appointment"]
                ),
                name="link_purpose_known",
            ),
        ]

    def token_of(self, issue: int) -> str:
        """Return the token of an issue: 256 bits in 43 characters."""
        message = f"{self.purpose}:{self.pk}:{issue}".encode()
        digest = hmac.new(settings.LINK_KEY, message, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    @property
    def token(self) -> str:
        """The token that the next mail carries."""
        return self.token_of(self.issue)

    def state(self, now: datetime) -> str:
        """Return ``live``, ``expired``, ``done`` or ``revoked``."""
        if self.closed:
            return self.closed
        return "live" if now < self.expires_at else "expired"


class LinkToken(AppendOnly):
    """The hash of one issue's token: an old one is known as replaced, and opens nothing."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="tokens")
    issue = models.PositiveIntegerField()
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("token of a link")
        constraints = [models.UniqueConstraint(fields=["link", "issue"], name="token_once")]


class LinkUse(AppendOnly):
    """One exchange of a link for a cookie."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="uses")
    issue = models.PositiveIntegerField()
    at = models.DateTimeField()
    device = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("use of a link")


def token_hash(token: str) -> str:
    """Return what the database holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
