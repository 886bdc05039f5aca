"""The crisis profile: what must be known of one person at one place before a session (G5.2, G5.3)."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.people.models import EmergencyContact, Person
from clinic.people.places import Place
from crisis.models.directory import Resource

LOOK_AGAIN = timedelta(days=365)  # after a year a profile is gone through again


class ProfileQuerySet(EncryptedQuerySet):
    def whole(self) -> "ProfileQuerySet":
        """With place, choices, their numbers, who confirmed them, and risks; few queries."""
        rows = self.select_related("place__town__county", "limits_explained_by", "reviewed_by")
        chosen = Prefetch("choices__resource", Resource.objects.with_confirmation())
        choices = Prefetch("choices", Choice.objects.with_change())
        return rows.prefetch_related(
            choices, chosen, "choices__resource__phones", "choices__none_by", "risks"
        )

    def of_place(self, place: Place) -> "CrisisProfile | None":
        """The profile of one place, None where nobody has filled one in."""
        return self.filter(place=place).first()

    def reviewed(self) -> "ProfileQuerySet":
        """Those gone through by somebody, the last first."""
        return self.exclude(reviewed_on=None).order_by("-reviewed_on", "-id")

    def with_outdated_numbers(self) -> "ProfileQuerySet":
        """Those of places in use with a number that was changed since, or may not be given now."""
        outdated = Choice.objects.with_change().outdated().filter(profile=OuterRef("pk"))
        return self.filter(Exists(outdated), place__ended_at=None)

    def complete(self) -> "ProfileQuerySet":
        """Those that lack nothing, at places in use: what ``completeness`` asks, asked of rows."""
        risks = Risk.objects.filter(profile=OuterRef("pk"))
        contacts = EmergencyContact.objects.filter(person=OuterRef("person"), ended_at=None)
        choices = Choice.objects.filter(profile=OuterRef("pk"))
        listed = choices.exclude(resource=None)
        return (
            self.filter(place__ended_at=None, limits_explained_on__isnull=False)
            .exclude(Q(person__phone="") | Q(out_of_hours_plan=""))
            .filter(Q(no_contact_on__isnull=False) | Exists(contacts.filter(do_not_contact=False)))
            .filter(*(Exists(choices.filter(kind=kind)) for kind in Choice.Kind))
            .filter(~Exists(listed.exclude(resource__in=Resource.objects.shown())))
            .filter(*(Exists(risks.filter(kind=kind)) for kind in Risk.Kind))
        )


class CrisisProfile(EncryptedModel):
    """One person at one place. The place is hers; the action holds that."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="crisis_profiles")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="crisis_profiles")
    out_of_hours_plan = EncryptedTextField(_("out-of-hours plan"), blank=True)
    nearby_words = EncryptedTextField(_("help nearby, or referral"), blank=True)
    contact_words = EncryptedTextField(_("who may be contacted, and what may be said"), blank=True)
    limits_explained_on = models.DateField(_("limits explained on"), null=True)
    limits_explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    no_contact_reason = EncryptedTextField(_("why there is no emergency contact"), blank=True)
    no_contact_on = models.DateField(_("no emergency contact, noted on"), null=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("crisis profile")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "place"], name="one_profile_a_place"),
            models.CheckConstraint(
                condition=Q(limits_explained_on__isnull=True, limits_explained_by__isnull=True)
                | Q(limits_explained_on__isnull=False, limits_explained_by__isnull=False),
                name="limits_explained_pair",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_on__isnull=False, reviewed_by__isnull=False),
                name="profile_reviewed_pair",
            ),
            models.CheckConstraint(
                condition=Q(no_contact_reason="", no_contact_on__isnull=True)
                | (~Q(no_contact_reason="") & Q(no_contact_on__isnull=False)),
                name="no_contact_pair",
            ),
        ]

    def is_old(self, today: date) -> bool:
        """Whether it was last gone through more than a year ago."""
        return self.reviewed_on is not None and today - self.reviewed_on > LOOK_AGAIN

    def __str__(self) -> str:
        return self.place.label


class ChoiceQuerySet(EncryptedQuerySet):
    def with_change(self) -> "ChoiceQuerySet":
        """Annotate ``kept_at``, when the profile was last gone through, as its history says, and
        ``is_changed``, whether the entry got other numbers since: the client's sheet has the old.
        """
        saved = AuditEntry.objects.filter(
            subject_label="crisis.crisisprofile",
            subject_id=OuterRef("profile"),
            verb="crisis_profile.save",
        )
        kept_at = Subquery(saved.order_by("-seq").values("at")[:1])
        changed = models.Case(
            models.When(resource__numbers_since__gt=models.F("kept_at"), then=True), default=False
        )
        return self.annotate(kept_at=kept_at).annotate(is_changed=changed)

    def outdated(self) -> "ChoiceQuerySet":
        """Of ``with_change()``, those changed since, hidden, withdrawn or held back."""
        offered = Resource.objects.shown().filter(pk=OuterRef("resource"))
        return self.exclude(resource=None).filter(Q(is_changed=True) | ~Exists(offered))


class Choice(EncryptedModel):
    """Whom to call there for one kind of help: a row of the directory, a number, or none known."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("hospital")
        POLICE = "police", _("police")
        FIRE = "fire", _("fire brigade and ambulance")
        SUICIDE_PREVENTION = "suicide_prevention", _("suicide prevention")
        VILLAGE_CHIEF = "village_chief", _("village or neighbourhood chief")
        MENTAL_HEALTH_CENTRE = "mental_health_centre", _("community mental health centre")
        NEARBY_COUNSELLING = "nearby_counselling", _("counselling nearby")

    profile = models.ForeignKey(CrisisProfile, on_delete=models.CASCADE, related_name="choices")
    kind = models.CharField(_("kind of help"), max_length=20, choices=Kind)
    resource = models.ForeignKey(
        Resource, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chosen")
    )
    name = EncryptedTextField(pgettext_lazy("of a place", "name"), blank=True)
    number = EncryptedTextField(_("telephone number"), blank=True)
    none_on = models.DateField(_("none known, looked up on"), null=True)
    none_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("chosen number")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "kind"], name="one_choice_a_kind"),
            models.CheckConstraint(
                condition=Q(resource__isnull=False, name="", number="", none_on=None, none_by=None)
                | Q(~Q(name=""), ~Q(number=""), resource__isnull=True, none_on=None, none_by=None)
                | Q(
                    resource__isnull=True,
                    name="",
                    number="",
                    none_on__isnull=False,
                    none_by__isnull=False,
                ),
                name="choice_is_exactly_one",
            ),
        ]

    @property
    def is_gone(self) -> bool:
        """Whether it points to a number which the directory no longer shows."""
        if self.resource is None:
            return False
        return not self.resource.is_shown or self.resource.held == Resource.Hold.SUSPENDED

    @property
    def waits(self) -> bool:
        """Whether it points to a number whose source is not certain, which nobody confirmed yet."""
        return self.resource is not None and self.resource.held == Resource.Hold.UNREAD


class Risk(EncryptedModel):
    """One of the five risks that the guideline asks to be weighed beforehand (G5.2)."""

    class Kind(models.TextChoices):
        LOSS_OF_CONTROL = "loss_of_control", _("losing control")
        SUICIDE = "suicide", _("suicide")
        SELF_HARM = "self_harm", _("self-harm")
        HARM_TO_OTHERS = "harm_to_others", _("harm to others")
        BREAKING_THE_LAW = "breaking_the_law", _("breaking the law")

    class Level(models.TextChoices):
        NONE = "none", _("none seen")
        WATCH = "watch", _("to watch")
        PRESENT = "present", _("present")

    profile = models.ForeignKey(CrisisProfile, on_delete=models.CASCADE, related_name="risks")
    kind = models.CharField(_("risk"), max_length=20, choices=Kind)
    level = EncryptedTextField(_("level of danger"), choices=Level)
    note = EncryptedTextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("weighed risk")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "kind"], name="one_level_a_risk"),
        ]
