"""The course of a session: each attempt to start with what was found, and what happened in it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import EncryptedModel, EncryptedTextField
from clinic.kernel.guideline import words_of
from sessions.models.bookings import CounsellingSession


class StartAttempt(EncryptedModel, AppendOnly):
    """Somebody pressed start. A refusal is evidence as much as a start is."""

    session = models.ForeignKey(
        CounsellingSession, on_delete=models.PROTECT, related_name="attempts"
    )
    number = models.PositiveIntegerField()
    started = models.BooleanField()
    despite_reason = EncryptedTextField(blank=True)
    despite = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("attempt to start")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="attempt_once"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(started=True), name="started_once"
            ),
            models.CheckConstraint(
                condition=Q(despite=False, despite_reason="")
                | Q(~Q(despite_reason=""), despite=True),
                name="despite_has_a_reason",
            ),
        ]


class StartFinding(EncryptedModel, AppendOnly):
    """What one requirement answered at an attempt, kept in words when the rules change.

    The reason is encrypted: some say how the client was that day.
    """

    class Outcome(models.TextChoices):
        MET = "met", _("met")
        LAPSING = "lapsing", _("met for now")
        MISSING = "missing", _("missing")
        NOT_APPLICABLE = "not_applicable", _("not applicable")

    attempt = models.ForeignKey(StartAttempt, on_delete=models.PROTECT, related_name="findings")
    requirement = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    clauses = ArrayField(models.CharField(max_length=10))
    # What each of them said then, in their order; null in rows from before it was kept.
    clause_words = ArrayField(models.TextField(), null=True)
    outcome = models.CharField(max_length=16, choices=Outcome)
    absolute = models.BooleanField()
    reason = EncryptedTextField(blank=True)
    remedy = models.TextField(blank=True)

    class Meta:
        verbose_name = _("finding at a start")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "requirement"], name="finding_once"),
        ]

    @property
    def worded_clauses(self) -> list[tuple[str, str]]:
        """Each clause with its words as of then; of older rows, what the catalogue says now."""
        kept = self.clause_words
        words = words_of(self.clauses) if kept is None else kept
        return list(zip(self.clauses, words, strict=True))


class DespiteSeen(EncryptedModel, AppendOnly):
    """A supervisor has read why a session began although something was missing, and what she says."""

    attempt = models.ForeignKey(StartAttempt, on_delete=models.PROTECT, related_name="seen")
    remark = EncryptedTextField(_("remark"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("start with a reason, seen")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "by"], name="despite_seen_once"),
        ]


class SessionEvent(AppendOnly):
    """One thing that happened, recorded by one tap. Taking it back is another row."""

    class Kind(models.TextChoices):
        DISCONNECTED = "disconnected", _("line broken")
        RECONNECTED = "reconnected", _("connected again")
        BY_TELEPHONE = "by_telephone", _("went on by telephone")
        BYSTANDER = "bystander", _("somebody came in")
        PAUSED = "paused", _("pause")
        CLIENT_ASKED_STOP = "client_asked_stop", _("the client asked to stop")
        WE_ASKED_STOP = "we_asked_stop", _("the psychologist asked to stop")
        REASSESSED = "reassessed", _("suitability assessed again")
        CRISIS_OPENED = "crisis_opened", _("crisis page opened")

    NOTED_BY_ITSELF = frozenset({Kind.REASSESSED, Kind.CRISIS_OPENED})  # no taps, never taken back

    session = models.ForeignKey(CounsellingSession, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    takes_back = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="taken_back_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("event of a session")
        ordering = ["at", "id"]
