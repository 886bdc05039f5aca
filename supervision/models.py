"""The training log (G1.2): what each practitioner learned, with hours, points and proof."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.kernel.files.models import StoredFile
from clinic.staff.models import Practitioner


class TrainingQuerySet(models.QuerySet):
    def on_file(self) -> "TrainingQuerySet":
        """Entries that were not taken off the log."""
        return self.filter(withdrawn_at=None)

    def newest_first(self) -> "TrainingQuerySet":
        return self.order_by("-day", "-id")

    def withdrawn(self) -> "TrainingQuerySet":
        """Entries that were taken off the log."""
        return self.exclude(withdrawn_at=None)

    def of_member(self, user) -> "TrainingQuerySet":
        """All of one member of staff, newest first, with proof and who entered it."""
        mine = self.filter(practitioner__user=user).newest_first()
        return mine.select_related("proof", "entered_by")

    def sums(self) -> "list[tuple[str, Decimal, Decimal]]":
        """Category, hours and points of each category; one query."""
        rows = self.order_by("category").values("category")
        summed = rows.annotate(hours_sum=models.Sum("hours"), points_sum=models.Sum("points"))
        return list(summed.values_list("category", "hours_sum", "points_sum"))

    def since(self, day: date) -> "TrainingQuerySet":
        """Training of ``day`` or later."""
        return self.filter(day__gte=day)

    def first_in(self, category: str, users: Iterable[int]) -> "dict[int, date]":
        """The day of the first training in ``category`` by user id; one query."""
        rows = self.on_file().filter(category=category, practitioner__user__in=users)
        firsts = rows.order_by().values("practitioner__user").annotate(first=models.Min("day"))
        return dict(firsts.values_list("practitioner__user", "first"))

    def members(self) -> "dict[int, int]":
        """The user's id by entry; one query."""
        return dict(self.order_by().values_list("pk", "practitioner__user"))

    def with_member(self) -> "TrainingQuerySet":
        return self.select_related("practitioner__user")


class TrainingEntry(models.Model):
    """One training of one practitioner. ``points`` are continuing-education points."""

    class Category(models.TextChoices):
        TELECOUNSELLING = "telecounselling", _("telecounselling")
        ETHICS = "ethics", _("professional ethics")
        CRISIS = "crisis", _("crisis handling")
        LAW = "law", _("law and rules")
        QUALITY = "quality", _("professional quality")
        COUNSELLING = "counselling", _("counselling and therapy")
        OTHER = "other", _("other training")

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="training"
    )
    day = models.DateField(_("day"))
    category = models.CharField(_("category"), max_length=20, choices=Category)
    title = models.CharField(_("title of the training"), max_length=200)
    organiser = models.CharField(_("organiser"), max_length=120)
    lecturer = models.CharField(_("lecturer"), max_length=120, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    points = models.DecimalField(_("continuing-education points"), max_digits=5, decimal_places=1)
    proof = models.ForeignKey(
        StoredFile,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proof"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=0, points__gte=0), name="training_sums"),
            models.CheckConstraint(
                condition=Q(hours__gt=0) | Q(points__gt=0), name="training_is_something"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="training_has_a_title"),
        ]
        indexes = [models.Index(fields=["practitioner", "-day"])]

    def __str__(self) -> str:
        return f"T-{self.pk:05d}"
