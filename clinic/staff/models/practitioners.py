"""Practitioners, what qualifies them, and who oversees whom (G1.1)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.kernel.roles import PSYCHOLOGISTS
from clinic.organisation.models import County, Premises
from clinic.staff.models.dated import Dated, DatedQuerySet, same


class PractitionerQuerySet(models.QuerySet):
    def working(self) -> "PractitionerQuerySet":
        """Practitioners with an open account, by name."""
        return self.filter(user__is_active=True).select_related("user").order_by("user__name")


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

    objects = PractitionerQuerySet.as_manager()

    INTERNS = (Kind.INTERN_COUNSELLING, Kind.INTERN_CLINICAL)
    PSYCHOLOGISTS = (Kind.COUNSELLING, Kind.CLINICAL)

    class Meta:
        verbose_name = _("practitioner")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="other", guideline_followed=""), name="other_names_guideline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user.name} – {self.get_kind_display()}"

    @property
    def is_intern(self) -> bool:
        return self.kind in self.INTERNS


class CredentialQuerySet(EncryptedQuerySet, DatedQuerySet):
    def on_file(self) -> "CredentialQuerySet":
        """Those that were not taken off the file, the newest first."""
        return self.filter(withdrawn_at=None).order_by("kind", "-period")

    def of_member(self, user) -> "CredentialQuerySet":
        """All of one member of staff, with county and premises, the newest first."""
        mine = self.filter(practitioner__user=user).order_by("kind", "-period")
        return mine.select_related("county", "premises")

    def on_file_of(self, users: Iterable[int]) -> "CredentialQuerySet":
        """Certificates (心理師證書) and practice licences (執業執照) of these users, in one query."""
        hers = self.on_file().filter(practitioner__user__in=users)
        return hers.select_related("practitioner", "premises")

    def licences(self) -> "CredentialQuerySet":
        return self.filter(kind=Credential.Kind.PRACTICE_LICENCE)

    def where_it_holds(self) -> "CredentialQuerySet":
        """Without licences registered at premises that the clinic has closed (see ``holds``)."""
        return self.exclude(premises__active=False)

    def let_practise(self, user, day: date) -> "CredentialQuerySet":
        """Licences under which ``user`` practises as a psychologist on ``day`` (心理師法 §7)."""
        hers = self.licences().where_it_holds().on_file_of([user.pk]).in_force_on(day)
        return hers.filter(practitioner__kind__in=Practitioner.PSYCHOLOGISTS)

    def ending_between(self, start: date, end: date) -> "CredentialQuerySet":
        """Practice licences of open accounts whose last day lies between the two, included; not
        those that one on file follows on the next day.
        """
        later = Credential.objects.filter(
            practitioner=OuterRef("practitioner"),
            kind=Credential.Kind.PRACTICE_LICENCE,
            withdrawn_at=None,
            period__contains=OuterRef("period__endswith"),
        )
        return (
            super()
            .ending_between(start, end)
            .filter(
                ~Exists(later),
                kind=Credential.Kind.PRACTICE_LICENCE,
                practitioner__user__is_active=True,
                withdrawn_at=None,
            )
            .select_related("practitioner__user")
            .order_by("period")
        )

    def visible_to(self, user) -> "CredentialQuerySet":
        """An administrator sees all, everybody her own."""
        return self if user.is_admin else self.filter(practitioner__user=user)


class Credential(EncryptedModel, Dated):
    """A certificate or a practice licence of one practitioner."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("psychologist certificate")
        PRACTICE_LICENCE = "practice_licence", _("practice licence")

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="credentials"
    )
    kind = models.CharField(
        pgettext_lazy("certificate or licence", "document"), max_length=20, choices=Kind
    )
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

    @property
    def holds(self) -> bool:
        """Whether it counts at all: a licence lets her practise where it is registered (心理師法 §7),
        and not where the clinic practises no more.
        """
        return self.premises is None or self.premises.active

    @property
    def names_place(self) -> bool:
        """Whether it is a licence with county and premises; a certificate holds everywhere."""
        licence = self.kind == self.Kind.PRACTICE_LICENCE
        return licence and self.county_id is not None and self.premises is not None

    def form_values(self) -> dict[str, object]:
        """What a form starts with."""
        names = ("kind", "number", "county_id", "premises", "starts_on", "last_day")
        return {name: getattr(self, name) for name in names}

    def is_renewed(self) -> bool:
        """Whether a licence of the same practitioner that holds from the next day on is on file."""
        later = Credential.objects.licences().on_file_of([self.practitioner.user_id])
        return later.filter(period__contains=self.period.upper).exists()


class OversightQuerySet(DatedQuerySet):
    def with_names(self) -> "OversightQuerySet":
        """Together with both accounts; the newest first."""
        return self.select_related("overseer", "overseen").order_by("-period", "id")

    def overseers_on(
        self, pairs: Iterable[tuple[int, date]]
    ) -> dict[tuple[int, date], tuple[int, ...]]:
        """Return who answers for each user on a day: clinically first, then at the placement.

        One query, however many pairs of user and day.
        """
        pairs, rows_of = set(pairs), defaultdict(list)
        rows = self.filter(overseen__in={user for user, _day in pairs}).of_service()
        for row in rows.order_by("kind", "id"):  # "clinical" comes before "site"
            rows_of[row.overseen_id].append(row)
        return {
            (user, day): tuple(row.overseer_id for row in rows_of[user] if row.in_force(day))
            for user, day in pairs
        }

    def of_service(self) -> "OversightQuerySet":
        """Those who answer for the service: clinically or at the placement (G9.3).

        The supervisor of a course answers for the learning, and is asked for nothing here. Who can
        no longer sign in, or opens no page of a case as a psychologist, answers for nothing.
        """
        able = Q(overseer__is_active=True, overseer__roles__overlap=[*PSYCHOLOGISTS])
        return self.exclude(kind=Oversight.Kind.COURSE).filter(able)

    def ending_between(self, start: date, end: date) -> "OversightQuerySet":
        """Those on which an intern's service rests and whose last day lies between the two, included;
        not those that another of the service follows on the next day.
        """
        next_day = Oversight.objects.of_service().filter(
            overseen=OuterRef("overseen"), period__contains=OuterRef("period__endswith")
        )
        ending = super().ending_between(start, end).of_service().filter(~Exists(next_day))
        interns = Q(overseen__practitioner__kind__in=Practitioner.INTERNS)
        ending = ending.filter(interns, overseen__is_active=True)
        return ending.select_related("overseen").order_by("period", "id")

    def visible_to(self, user) -> "OversightQuerySet":
        """An administrator sees all, everybody those that she gives or has."""
        hers = Q(overseer=user) | Q(overseen=user)
        return self if user.is_admin else self.filter(hers)


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

    objects = OversightQuerySet.as_manager()

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
