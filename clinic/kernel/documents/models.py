"""Sealed documents: a life of their own, apart from the fact that they print."""

import secrets
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.kernel.append_only import AppendOnly
from clinic.kernel.documents.registry import KINDS
from clinic.kernel.files.models import StoredFile

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else


def new_code() -> str:
    """Return a short code that can be read out over the telephone."""
    return "".join(secrets.choice(ALPHABET) for _place in range(8))


class DocumentQuerySet(models.QuerySet):
    def unfinished(self) -> "DocumentQuerySet":
        """Documents that are still to be made."""
        return self.exclude(state__in=[Document.State.SEALED, Document.State.FAILED])

    def overdue(self, now: datetime) -> "DocumentQuerySet":
        """Unfinished documents whose next try has come, or whose maker died."""
        waiting = ~Q(state=Document.State.RENDERING) & Q(next_try__lte=now)
        return self.unfinished().filter(
            waiting | Q(state=Document.State.RENDERING, lease_until__lte=now)
        )

    def about(self, subject: models.Model) -> "DocumentQuerySet":
        """Documents on one record, the newest version first."""
        return self.filter(subject_label=subject._meta.label_lower, subject_id=subject.pk).order_by(
            "kind", "-version"
        )


SEAL_ENDED = "seal ended"  # a reason to wait


class Document(models.Model):
    """A document about one version of one record. Once sealed, it never changes."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a document", "queued")
        RENDERING = "rendering", _("being made")
        WAITING_TIMESTAMP = "waiting_timestamp", _("waiting for the timestamp service")
        SEALED = "sealed", _("sealed")
        FAILED = "failed", _("could not be made")

    kind = models.CharField(max_length=60)
    code = models.CharField(max_length=8, unique=True, default=new_code)
    subject_label = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # all tries, each with its message
    faults = models.PositiveSmallIntegerField(default=0)  # of them in a row, since it was asked for
    next_try = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="documents"
    )
    sha256 = models.CharField(max_length=64, blank=True)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    frozen_when = "OLD.state = 'sealed'"
    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_label", "subject_id", "version"],
                name="one_document_a_version",
            ),
            models.CheckConstraint(
                condition=Q(state="rendering", lease__isnull=False, lease_until__isnull=False)
                | Q(~Q(state="rendering"), lease__isnull=True, lease_until__isnull=True),
                name="leased_while_rendering",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(sha256=""), state="sealed", file__isnull=False, made_at__isnull=False
                )
                | Q(~Q(state="sealed"), sha256="", file__isnull=True, made_at__isnull=True),
                name="sealed_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def waits_for_seal(self) -> bool:
        return self.state == self.State.WAITING and self.reason == SEAL_ENDED

    @property
    def title(self) -> str:
        """What this kind of document is called."""
        return str(KINDS[self.kind].title) if self.kind in KINDS else self.kind


class Seal(AppendOnly):
    """The seal on a document: what the verify page holds a file against."""

    class Level(models.TextChoices):
        B = "B-B", _("with the clinic's own clock")
        LTA = "B-LTA", _("with the time of an independent timestamp service")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="seals")
    sha256 = models.CharField(max_length=64, unique=True)
    level = models.CharField(max_length=10, choices=Level)
    certificate_subject = models.CharField(max_length=300)
    certificate_serial = models.CharField(max_length=80)
    certificate_fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("seal")


def find_readable(code: str, user: Any) -> Document | None:
    """Return the document with this code, if its kind lets ``user`` read it."""
    found = Document.objects.filter(code=code).select_related("file").first()
    kind = KINDS.get(found.kind) if found else None
    return found if kind and kind.may_read(user, found) else None
