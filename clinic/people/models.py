"""People whom the clinic serves, and whom to call for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from clinic.kernel.encryption import (
    BlindIndexField,
    EncryptedModel,
    EncryptedQuerySet,
    EncryptedTextField,
    blind_index,
)
from clinic.organisation.models import Town, address
from clinic.people import national_id


class PersonQuerySet(EncryptedQuerySet):
    def found_by(self, text: str) -> "PersonQuerySet":
        """By part of a name, or by a whole national ID number or mail address."""
        exact = Q(national_id_index=blind_index(Person, "national_id", text))
        exact |= Q(email_index=blind_index(Person, "email", text))
        return self.filter(Q(name__icontains=text) | Q(name_roman__icontains=text) | exact)

    def sorted_by(self, order: str) -> "PersonQuerySet":
        """``newest`` registered first, or anything else for names."""
        return (
            self.order_by("-registered_at", "-id")
            if order == "newest"
            else self.order_by("name", "id")
        )


def compact(value: str) -> str:
    """Fold a number as people write it: no spaces or hyphens, capitals."""
    return "".join(c for c in value if c.isalnum()).upper()


HIDDEN = "***"


def masked(value: str, shown: str) -> str:
    """Return ``shown`` after a mark that something is hidden; "" for no value."""
    return f"{HIDDEN}{shown}" if value else ""


class Person(EncryptedModel):
    """A client, or somebody who takes part in a case. Names are one field, surname first."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("other or not stated")

    class SafeChannel(models.TextChoices):
        EMAIL = "email", _("email")
        PHONE = "phone", _("telephone")
        SMS = "sms", _("text message")

    name = models.CharField(_("name"), max_length=100)
    name_roman = models.CharField(_("roman name"), max_length=100, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex)
    birth_date = models.DateField(_("birth date"))
    national_id = EncryptedTextField(_("national ID number"), blank=True)
    national_id_index = BlindIndexField(normalise=compact)
    registered_town = models.ForeignKey(
        Town,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("township of household registration"),
    )
    registered_address = EncryptedTextField(_("household registration address"), blank=True)
    residence_town = models.ForeignKey(
        Town,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("township of residence"),
    )
    residence_address = EncryptedTextField(_("residence address"), blank=True)
    phone = EncryptedTextField(_("telephone"), blank=True)
    email = EncryptedTextField(_("email"), blank=True)
    email_index = BlindIndexField()
    languages = models.CharField(_("languages"), max_length=100, blank=True)
    access_needs = EncryptedTextField(_("culture and access needs"), blank=True)
    letter_language = models.CharField(
        _("language of letters"), max_length=10, choices=settings.LANGUAGES, default="zh-hant"
    )
    neutral_contact = models.BooleanField(_("write without naming the clinic"), default=False)
    never_mail = models.BooleanField(_("never write mail"), default=False)
    safe_channel = models.CharField(_("safe way"), max_length=10, choices=SafeChannel, blank=True)
    safe_from = models.TimeField(_("safe from"), null=True, blank=True)
    safe_until = models.TimeField(_("safe until"), null=True, blank=True)
    code_word = EncryptedTextField(_("code word"), blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_date__lte=TruncDate(Now())), name="born_before_today"
            ),
            models.CheckConstraint(
                condition=Q(safe_from__isnull=True, safe_until__isnull=True)
                | Q(
                    # Named one by one: a comparison with NULL is not false, so it would pass.
                    safe_from__isnull=False,
                    safe_until__isnull=False,
                    safe_from__lt=models.F("safe_until"),
                ),
                name="safe_hours_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_label(self) -> str:
        return f"person:{self.pk}"

    @property
    def safe_contact(self) -> bool:
        """Whether anything about contacting this person needs care."""
        return bool(
            self.neutral_contact
            or self.never_mail
            or self.safe_channel
            or self.safe_from
            or self.code_word
        )

    @property
    def may_be_mailed(self) -> bool:
        """Whether she may be written to by mail: never said no, and no other way is the safe one."""
        return not self.never_mail and self.safe_channel in ("", self.SafeChannel.EMAIL)

    @property
    def may_be_called(self) -> bool:
        """Whether she expects a call: no other way than the telephone is the safe one."""
        return self.safe_channel in ("", self.SafeChannel.PHONE)

    @property
    def national_id_doubt(self) -> str:
        """What speaks against the national ID number, in words; "" if nothing does."""
        return national_id.doubt(self.national_id)

    @property
    def masked_phone(self) -> str:
        """The telephone number for a screen that others may see: the last three digits."""
        return masked(self.phone, self.phone[-3:])

    @property
    def masked_email(self) -> str:
        """The mail address for a screen that others may see: first letter and domain."""
        name, _at, domain = self.email.partition("@")
        return f"{name[0]}{HIDDEN}@{domain}" if domain else ""

    @property
    def masked_national_id(self) -> str:
        """The number for a screen that others may see: the last three characters."""
        return masked(self.national_id, self.national_id[-3:])

    @property
    def residence(self) -> str:
        """Where she lives: the residence where one is given, else as registered."""
        if self.residence_town or self.residence_address:
            return address(self.residence_town, self.residence_address)
        return address(self.registered_town, self.registered_address)

    @property
    def registration(self) -> str:
        """The household registration address."""
        return address(self.registered_town, self.registered_address)

    @property
    def contacts_to_call(self) -> "list[EmergencyContact]":
        """Contacts in use but for those who must not be contacted."""
        return [c for c in self.contacts_in_use if not c.do_not_contact]

    @property
    def places_in_use(self) -> list:
        """Places that were not ended, the usual one first; no query where they are prefetched."""
        return sorted(
            (p for p in self.places.all() if p.ended_at is None), key=lambda p: not p.usual
        )

    @property
    def contacts_in_use(self) -> "list[EmergencyContact]":
        """Emergency contacts that were not ended; no query where they are prefetched."""
        return [c for c in self.emergency_contacts.all() if c.ended_at is None]


class EmergencyContact(EncryptedModel):
    """Whom to call for a person, and what that contact may be told (G5.2)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="emergency_contacts")
    name = EncryptedTextField(_("name"))
    relation = models.CharField(_("relation"), max_length=40)
    phones = EncryptedTextField(_("telephone numbers"))
    may_be_told = models.BooleanField(_("may be told of the counselling"), default=False)
    do_not_contact = models.BooleanField(_("do not contact"), default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("emergency contact")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(phones=""), name="contact_has_a_phone")]

    @property
    def phone_list(self) -> list[str]:
        return self.phones.splitlines()
