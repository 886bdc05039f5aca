"""Suitability of both sides, assessed before the first session and looked at before each (G2.3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.cases.models import Case
from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.staff.models import Practitioner
from sessions.models.bookings import CounsellingSession

LONGEST_ID = 20  # digits; no id is as long


class SuitabilityQuerySet(EncryptedQuerySet):
    def newest_first(self) -> "SuitabilityQuerySet":
        """With points, assessor and confirmation, newest first."""
        rows = self.select_related("by__practitioner", "session", "confirmation__by")
        return rows.prefetch_related("points").order_by("-at", "-id")

    def of_case(self, case: Case) -> "SuitabilityQuerySet":
        return self.filter(case=case).newest_first()

    def numbered(self, text: str) -> "Suitability | None":
        """The one with this id, written as text; None when there is none such."""
        is_id = text.isdecimal() and len(text) < LONGEST_ID
        return self.filter(pk=int(text)).first() if is_id else None

    def unconfirmed(self) -> "SuitabilityQuerySet":
        """Made by an intern and not confirmed yet, the oldest first."""
        older = Q(by_intern=None, by__practitioner__kind__in=Practitioner.INTERNS)
        rows = self.filter(older | Q(by_intern=True), confirmation=None)
        return rows.select_related("case", "by").order_by("at", "id")

    def before(self, row: "Suitability") -> "Suitability | None":
        """The assessment of the same case right before ``row``, with its points."""
        older = self.of_case(row.case).filter(at__lte=row.at, pk__lt=row.pk)
        return older.first()

    def beyond_today(self) -> "SuitabilityQuerySet":
        """Without "not today": that stops one day, and lifts no "in person" or "refer" (G2.5)."""
        return self.exclude(outcome=Suitability.Outcome.NOT_TODAY)

    def short_may_follow(self, case: Case) -> bool:
        """Whether the next one may be short: there is a full one, and the last one stays with tele.

        Coming back to telecounselling after "in person" or "refer" is weighed in full.
        """
        last = self.filter(case=case).beyond_today().order_by("-at", "-id").first()
        full = self.filter(case=case, form=Suitability.Form.FULL)
        return not (last and last.leaves_tele) and full.exists()


class Suitability(EncryptedModel, AppendOnly):
    """One assessment of both sides with its outcome. Never changed: a later one replaces it."""

    class Form(models.TextChoices):
        FULL = "full", _("full form")
        SHORT = "short", _("short form")

    class Outcome(models.TextChoices):
        PROCEED = "proceed", _("proceed")
        WITH_SUPPORT = "proceed_with_support", _("proceed with support")
        IN_PERSON = "face_to_face", _("change to in person")
        REFER = "refer", _("refer")
        NOT_TODAY = "not_today", _("not today")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    session = models.ForeignKey(
        CounsellingSession, null=True, on_delete=models.PROTECT, related_name="assessments"
    )
    form = models.CharField(max_length=6, choices=Form)
    outcome = models.CharField(_("outcome"), max_length=24, choices=Outcome)
    details = EncryptedTextField(blank=True)  # JSON: what the outcome needs, by its key
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_intern = models.BooleanField(null=True)  # on that day; None: older than this column
    at = models.DateTimeField()

    objects = SuitabilityQuerySet.as_manager()

    POSITIVE = (Outcome.PROCEED, Outcome.WITH_SUPPORT)
    LEAVES_TELE = (Outcome.IN_PERSON, Outcome.REFER)

    class Meta:
        verbose_name = _("suitability assessment")
        indexes = [models.Index(fields=["case", "-at"])]

    @property
    def positive(self) -> bool:
        """Whether the session may go on by telecommunication."""
        return self.outcome in self.POSITIVE

    @property
    def leaves_tele(self) -> bool:
        """Whether telecounselling stops until it is assessed anew (G2.5)."""
        return self.outcome in self.LEAVES_TELE

    @property
    def is_by_intern(self) -> bool:
        """Whether an intern made it, so that a psychologist has to stand by it.

        Whatever she has become since: her licence confirms nothing of the time before it.
        """
        if self.by_intern is not None:
            return self.by_intern
        practitioner = getattr(self.by, "practitioner", None)
        return practitioner is not None and practitioner.is_intern

    @property
    def needs_confirmation(self) -> bool:
        """Whether it does not count yet: an intern's, and nobody has confirmed it."""
        return self.is_by_intern and getattr(self, "confirmation", None) is None

    @property
    def tone(self) -> str:
        """The colour of its outcome."""
        if self.leaves_tele:
            return "stop"
        return "go" if self.outcome == self.Outcome.PROCEED else "fix"


class SuitabilityPoint(EncryptedModel, AppendOnly):
    """One rated point: 4 suits … 1 does not suit, 0 not yet known; none can be skipped.

    The rating is as telling as its reason, so it is encrypted like that; ``level`` is its number.
    """

    assessment = models.ForeignKey(Suitability, on_delete=models.PROTECT, related_name="points")
    point = models.CharField(max_length=6)
    rating = EncryptedTextField()
    note = EncryptedTextField(blank=True)
    changed = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("point of an assessment")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "point"], name="point_once"),
        ]

    @property
    def level(self) -> int:
        """The rating as a number, 0 to 4."""
        return int(self.rating)


class SuitabilityConfirmation(AppendOnly):
    """An intern's assessment confirmed by the psychologist who oversees her."""

    assessment = models.OneToOneField(
        Suitability, on_delete=models.PROTECT, related_name="confirmation"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("confirmation of an assessment")
