"""Practitioners, what qualifies them, who oversees whom, and the clinic's approvals (G1.1, G10.1).

Periods are half open date ranges: the last day written on a licence is the day before its end.
"""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from clinic.kernel.encryption import EncryptedModel, EncryptedTextField
from clinic.organisation.models import County, Premises


class Channel(models.TextChoices):
    """Ways of telecounselling (G0.2); in person is not one."""

    VIDEO = "video", _("video")
    TELEPHONE = "telephone", _("telephone")


class Dated(models.Model):
    """Something that holds for a period of days."""

    period = DateRangeField(_("period"))

    class Meta:
        abstract = True

    @property
    def starts_on(self) -> date:
        return self.period.lower

    @property
    def last_day(self) -> date | None:
        """The last day it holds; None when it has no end."""
        return self.period.upper - timedelta(days=1) if self.period.upper else None

    def in_force(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return day in self.period

    def days_left(self, day: date) -> int | None:
        """Days from ``day`` to the last day; negative once past; None without an end."""
        return (self.last_day - day).days if self.period.upper else None


class DatedQuerySet(models.QuerySet):
    def in_force_on(self, day: date):
        """What holds on ``day``."""
        return self.filter(period__contains=day)


def same(*fields: str) -> list[tuple]:
    """Expressions of an exclusion constraint: equal ``fields`` without btree_gist."""
    return [
        (Func(F(f), F(f), Value("[]"), function="int8range"), RangeOperators.OVERLAPS)
        for f in fields
    ]


class Practitioner(models.Model):
    """The professional side of an account."""

    class Kind(models.TextChoices):
        COUNSELLING = "counselling", _("counselling psychologist")
        CLINICAL = "clinical", _("clinical psychologist")
        INTERN_COUNSELLING = "intern_counselling", _("intern, counselling psychology")
        INTERN_CLINICAL = "intern_clinical", _("intern, clinical psychology")
        OTHER = "other", _("another profession")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practitioner"
    )
    kind = models.CharField(_("kind of practitioner"), max_length=20, choices=Kind)
    languages = models.CharField(_("working languages"), max_length=100, blank=True)
    guideline_followed = models.CharField(
        _("law and guideline followed"), max_length=200, blank=True
    )

    class Meta:
        verbose_name = _("practitioner")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="other", guideline_followed=""), name="other_names_guideline"
            )
        ]

    @property
    def is_intern(self) -> bool:
        return self.kind in (self.Kind.INTERN_COUNSELLING, self.Kind.INTERN_CLINICAL)


class CredentialQuerySet(DatedQuerySet):
    def practice_licences(self) -> "CredentialQuerySet":
        """Practice licences (執業執照), which have a place and an end."""
        return self.filter(kind=Credential.Kind.PRACTICE_LICENCE)


class Credential(EncryptedModel, Dated):
    """A certificate or a practice licence of one practitioner."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("psychologist certificate")
        PRACTICE_LICENCE = "practice_licence", _("practice licence")

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="credentials"
    )
    kind = models.CharField(_("document"), max_length=20, choices=Kind)
    number = EncryptedTextField(_("number"))
    county = models.ForeignKey(
        County, null=True, on_delete=models.PROTECT, verbose_name=_("county of registration")
    )
    premises = models.ForeignKey(
        Premises, null=True, on_delete=models.PROTECT, verbose_name=_("premises")
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("credential")
        constraints = [
            ExclusionConstraint(
                name="one_practice_licence_a_day",
                expressions=[*same("practitioner_id"), ("period", RangeOperators.OVERLAPS)],
                condition=Q(kind="practice_licence", withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(kind="practice_licence")
                | Q(period__endswith__isnull=False, county__isnull=False, premises__isnull=False),
                name="practice_licence_complete",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__startswith__isnull=False),
                name="credential_period",
            ),
        ]


class Oversight(Dated):
    """Who oversees whom: what an overseer may see follows from it."""

    class Kind(models.TextChoices):
        CLINICAL = "clinical", _("clinical supervision")
        SITE = "site", _("supervisor at the placement")
        COURSE = "course", _("supervisor of the course")

    overseer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="oversees",
        verbose_name=_("supervisor"),
    )
    overseen = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="overseen_by"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision")
        constraints = [
            models.CheckConstraint(
                condition=~Q(overseer=F("overseen")), name="nobody_oversees_herself"
            ),
            *(
                ExclusionConstraint(
                    name=f"oversight_{kind}_once",
                    expressions=[
                        *same("overseer_id", "overseen_id"),
                        ("period", RangeOperators.OVERLAPS),
                    ],
                    condition=Q(kind=kind),
                )
                for kind in ("clinical", "site", "course")
            ),
        ]


class Approval(Dated):
    """The health bureau's approval of telecounselling (心理師法 §10 proviso). The end may be open."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, verbose_name=_("county"))
    number = models.CharField(_("approval number"), max_length=60)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel), verbose_name=_("ways"))
    premises = models.ManyToManyField(Premises, verbose_name=_("premises"))
    age_floor = models.PositiveSmallIntegerField(_("minimum age"), default=18)
    exclusions = models.TextField(_("excluded persons"), blank=True)
    medical_partner = models.CharField(_("medical institution for referral"), max_length=100)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        ordering = ["-period", "id"]
        indexes = [GistIndex(fields=["period"])]
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="approval_once"),
            models.CheckConstraint(
                condition=Q(channels__contained_by=Channel.values) & Q(channels__len__gt=0),
                name="approval_channels_known",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__startswith__isnull=False),
                name="approval_period",
            ),
            models.CheckConstraint(condition=Q(age_floor__lte=120), name="approval_age_floor"),
        ]

    def __str__(self) -> str:
        return self.number


class ApprovedPerson(Dated):
    """A practitioner whom an approval names, for a period within the approval's own (trigger)."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="people")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="approvals"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("approved person")
        constraints = [
            ExclusionConstraint(
                name="approved_once_a_day",
                expressions=[
                    *same("approval_id", "practitioner_id"),
                    ("period", RangeOperators.OVERLAPS),
                ],
            )
        ]
