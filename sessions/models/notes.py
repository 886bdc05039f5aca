"""Session notes: one encrypted text a session, a draft until signed, never changed afterwards."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.staff.models import Practitioner
from sessions.models.bookings import CounsellingSession


class NoteQuerySet(EncryptedQuerySet):
    def of_session(self, session: CounsellingSession) -> "NoteQuerySet":
        """The note of a session with signatures and amendments."""
        rows = self.filter(session=session)
        rows = rows.select_related(
            "session__counsellor__practitioner",
            "session__case",
            "signed_by__practitioner",
            "cosignature__by",
        )
        return rows.prefetch_related("amendments__by")

    def of(self, session: CounsellingSession) -> "Note | None":
        """The note of a session, None where none is begun."""
        return self.of_session(session).first()

    def uncosigned(self) -> "NoteQuerySet":
        """Signed by who was an intern then, and by no supervisor yet (see ``is_by_intern``)."""
        older = Q(by_intern=None, signed_by__practitioner__kind__in=Practitioner.INTERNS)
        return self.filter(Q(by_intern=True) | older, signed_at__isnull=False, cosignature=None)

    def signed_among(self, sessions: Iterable[CounsellingSession]) -> set[int]:
        """Return the ids of those sessions whose note is signed; no note is read for it."""
        rows = self.filter(session__in=[s.pk for s in sessions], signed_at__isnull=False)
        return set(rows.values_list("session_id", flat=True))


class Note(EncryptedModel):
    """The note of a session. ``text`` is the JSON of its sections (``notes/sections.py``)."""

    frozen_when = "OLD.signed_at IS NOT NULL"

    session = models.OneToOneField(
        CounsellingSession, on_delete=models.PROTECT, related_name="note"
    )
    text = EncryptedTextField(blank=True)
    by_telecommunication = models.BooleanField(_("done by telecommunication"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    # The windows that wrote in a draft, the last one last: page, sequence, and the revision after
    # which it alone wrote (``notes/senders.py``).
    senders = models.JSONField(default=list)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    by_intern = models.BooleanField(null=True)  # when signed; None: a draft, or older than this

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("session note")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(~Q(text=""), signed_at__isnull=False, signed_by__isnull=False),
                name="note_signed_pair",
            )
        ]

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def is_by_intern(self) -> bool:
        """Whether who signed it was an intern then, so that her supervisor signs under it (G9.3)."""
        if self.by_intern is not None:
            return self.by_intern
        practitioner = getattr(self.signed_by, "practitioner", None)
        return practitioner is not None and practitioner.is_intern


class NoteCosignature(AppendOnly):
    """The supervisor's signature under an intern's note."""

    note = models.OneToOneField(Note, on_delete=models.PROTECT, related_name="cosignature")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("cosignature of a note")


class Amendment(EncryptedModel, AppendOnly):
    """An addition or correction beside a signed note."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="amendments")
    text = EncryptedTextField(_("addition or correction"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("amendment of a note")
        ordering = ["at", "id"]
