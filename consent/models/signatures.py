"""Signatures and what they are worth: evidence first, document second, validity as an interval."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.cases.models import Case
from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.people.models import Person
from consent.models.forms import Form
from consent.models.requests import Request
from consent.models.states import State
from consent.of_age import is_minor, signed_of_age


class SignatureQuerySet(EncryptedQuerySet):
    def of_document(self, pk: int) -> "Signature":
        """One signature with what its document shows."""
        found = self.select_related(
            "request__version",
            "countersignature__by",
            "request__paper__uploaded_by",
            "request__paper__checked_by",
        )
        return found.get(pk=pk)

    def counting_or_waiting_in(self, cases) -> "SignatureQuerySet":
        """Those of these cases to the individual form that count at the moment, and those that wait
        for their countersignature; not where a newer one was countersigned since."""
        newer = Request.objects.filter(
            case=OuterRef("request__case"),
            signer=OuterRef("request__signer"),
            pk__gt=OuterRef("request"),
            state=State.COUNTERSIGNED,
        )
        waits = Q(~Exists(newer), request__state=State.SIGNED, validity=None)
        counts = Q(validity__form="individual", validity__ended_by="")
        return self.filter(counts | waits, request__case__in=cases)

    def that_counted(self) -> "SignatureQuerySet":
        """Countersigned ones, but for those whose paper was found not to agree, and a minor's."""
        ever = self.filter(signed_of_age(), validity__isnull=False)
        return ever.exclude(validity__ended_by=Validity.Ended.INVALIDATED)


class Signature(EncryptedModel, AppendOnly):
    """One signature. ``evidence`` is the canonical JSON of everything the signer saw and did."""

    class Method(models.TextChoices):
        DRAWN = "drawn", _("drawn signature")
        TYPED = "typed", _("typed name")
        PAPER = "paper", _("signed on paper")

    ON_SCREEN = (Method.DRAWN, Method.TYPED)  # what a signer does herself, behind her link

    class Rung(models.TextChoices):
        LINK_BIRTH_DATE = "link_dob", _("link and date of birth")
        PAPER = "paper", _("paper form that came back")
        IN_PERSON = "in_person", _("signed at the clinic")

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="signature")
    evidence = EncryptedTextField()
    sha256 = models.CharField(max_length=64, unique=True)
    method = models.CharField(max_length=10, choices=Method)
    rung = models.CharField(max_length=20, choices=Rung)
    signed_at = models.DateTimeField()

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")

    @property
    def is_under_age(self) -> bool:
        """Whether she was under 18 when she signed, so that it counts for nothing: of one row what
        ``signed_of_age`` asks of many."""
        paper = self.request.returned_paper
        day = paper.signed_on if paper else timezone.localdate(self.signed_at)
        return is_minor(self.request.signer, day)


class Countersignature(AppendOnly):
    """The psychologist's: she explained, went through the items, confirmed understanding."""

    signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, related_name="countersignature"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    statement = models.TextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("countersignature")


class ValidityQuerySet(models.QuerySet):
    def in_force_in(self, cases) -> "ValidityQuerySet":
        """Consents of these cases to the individual form that count at the moment."""
        of_age = signed_of_age("signature")
        return self.filter(of_age, case__in=cases, form="individual", ended_by="")


class Validity(models.Model):
    """The time for which a consent counts. Later changes never recolour what was in force."""

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", _("withdrawn (was valid until then)")
        INVALIDATED = "invalidated", _("invalid (never counted)")
        REPLACED = "replaced", _("replaced by a newer one")

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="validity")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    in_force = DateTimeRangeField()
    ended_by = models.CharField(max_length=12, choices=Ended, blank=True)

    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("validity of a consent")
        constraints = [
            ExclusionConstraint(
                name="one_consent_at_a_time",
                expressions=[
                    (
                        Func(F("case_id"), F("case_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("signer_id"), F("signer_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("in_force", RangeOperators.OVERLAPS),
                ],
                condition=Q(form="individual"),
            ),
            models.CheckConstraint(
                condition=Q(ended_by="", in_force__upper_inf=True)
                | Q(~Q(ended_by=""), in_force__upper_inf=False),
                name="validity_ended_pair",
            ),
        ]
