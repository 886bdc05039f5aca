"""Where both sides are on the day, and what the law of that place says (G10.1, G10.4)."""

import unicodedata
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.organisation.models import Town, address
from clinic.people.countries import codes_named, country_name
from clinic.people.models import Person
from clinic.people.places import TAIWAN, Place
from sessions.models.bookings import Channel, CounsellingSession
from sessions.models.door import DOOR_OPENS

REVIEW_DAYS = 365  # after which the law of a place is looked at again


def folded(region: str) -> str:
    """A region's name for comparing: width, capitals and spaces make no other region."""
    return " ".join(unicodedata.normalize("NFKC", region).split()).casefold()


class SessionPlaceQuerySet(EncryptedQuerySet):
    def that_count(self) -> "SessionPlaceQuerySet":
        """Without what was told in a call that came to nothing, as the session was moved since,
        without a place chosen when booking that the client has left since, and in person without
        all that was told for a session at a distance.
        """
        in_a_call = Q(how__in=[SessionPlace.How.DOOR, SessionPlace.How.DURING])
        before = Q(at__lt=F("session__during__startswith") - DOOR_OPENS)
        left = Q(how=SessionPlace.How.BOOKING, place__ended_at__isnull=False)
        at_a_distance = Q(session__channel=Channel.IN_PERSON) & ~Q(how=SessionPlace.How.DURING)
        return self.exclude(in_a_call & before).exclude(left).exclude(at_a_distance)


class SessionPlace(EncryptedModel, AppendOnly):
    """Where one participant is for this session, as told. The newest row of each person counts."""

    class How(models.TextChoices):
        BOOKING = "booking", _("told when booking")
        DOOR = "door", _("told at the door")
        DURING = "during", _("told during the session")

    session = models.ForeignKey(CounsellingSession, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=2, default=TAIWAN)
    region = models.CharField(max_length=60, blank=True)
    town = models.ForeignKey(Town, null=True, on_delete=models.PROTECT, related_name="+")
    street = EncryptedTextField(blank=True)
    # The number on file at that time, as evidence; who is called, is called at the one on file now.
    call_back = EncryptedTextField(_("call-back number"), blank=True)
    how = models.CharField(max_length=10, choices=How)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    objects = SessionPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of the day")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(country=TAIWAN, town__isnull=False)
                | (~Q(country=TAIWAN) & Q(town__isnull=True)),
                name="session_place_town_in_taiwan",
            )
        ]

    @property
    def on_file(self) -> Place | None:
        """The client's place that was chosen when booking; what is corrected there holds here too.

        What was told in a call stays as it was told.
        """
        return self.place if self.place_id and self.how == self.How.BOOKING else None

    @property
    def is_abroad(self) -> bool:
        """Whether Taiwan's emergency numbers reach nobody from there."""
        return self.country != TAIWAN

    @property
    def full_address(self) -> str:
        """Everything an ambulance would ask for, in the order of the reader's language."""
        if self.on_file:
            return self.on_file.full_address
        if self.country == TAIWAN:
            return address(self.town, self.street)
        parts = (self.street, self.region, country_name(self.country))
        return ", ".join(part for part in parts if part)


class JurisdictionQuerySet(models.QuerySet):
    def current(self) -> "JurisdictionQuerySet":
        """Entries that were not replaced, by country and region."""
        return self.filter(ended_at=None).order_by("country", "region")

    def looked_up(self) -> "JurisdictionQuerySet":
        """Current entries, but for those that wait for both sides to be checked."""
        unknown = Jurisdiction.Rule.UNKNOWN
        return self.current().exclude(receive=unknown, give=unknown)

    def of_place(self, country: str, region: str) -> "JurisdictionQuerySet":
        """Every entry of one place, the newest first, with who reviewed it."""
        rows = self.filter(country=country, region=region).select_related("reviewed_by")
        return rows.order_by(F("ended_at").desc(nulls_first=True), "-id")

    def found_by(self, text: str) -> "JurisdictionQuerySet":
        """By the country's name in either language, its code, the region or the source."""
        named = Q(country__in=codes_named(text))
        return self.filter(named | Q(region__icontains=text) | Q(source__icontains=text))

    def in_state(self, state: str, today: date) -> "JurisdictionQuerySet":
        """``allowed``, ``forbidden``, ``unknown`` or ``old``; anything else keeps all."""
        allowed = Q(receive="allowed", give="allowed")
        forbidden = Q(receive="forbidden") | Q(give="forbidden")
        wanted = {
            "allowed": allowed,
            "forbidden": forbidden,
            "unknown": ~allowed & ~forbidden,
            "old": Q(reviewed_on__lt=today - timedelta(days=REVIEW_DAYS)),
        }
        return self.filter(wanted[state]) if state in wanted else self


class Jurisdiction(models.Model):
    """What a place abroad allows. Nothing on file means unknown, and unknown is not allowed."""

    class Rule(models.TextChoices):
        ALLOWED = "allowed", _("allowed")
        FORBIDDEN = "forbidden", _("forbidden")
        UNKNOWN = "unknown", _("not checked yet")

    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(
        _("state or region"), max_length=60, blank=True, help_text=_("Empty: the whole country.")
    )
    receive = models.CharField(_("receiving the service there"), max_length=10, choices=Rule)
    give = models.CharField(_("giving it from Taiwan"), max_length=10, choices=Rule)
    conditions = models.TextField(_("conditions"), blank=True, max_length=2000)
    source = models.CharField(_("source"), max_length=300)
    reviewed_on = models.DateField(_("reviewed on"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("law of a place")
        constraints = [
            models.UniqueConstraint(
                "country",
                Lower("region"),
                condition=Q(ended_at__isnull=True),
                name="one_current_jurisdiction",
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$") & ~Q(country=TAIWAN),
                name="jurisdiction_abroad",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="jurisdiction_has_a_source"),
        ]

    def __str__(self) -> str:
        name = country_name(self.country)
        return f"{name}, {self.region}" if self.region else name

    @property
    def permits(self) -> bool:
        """Whether both sides may."""
        return self.receive == self.Rule.ALLOWED == self.give

    @property
    def forbids(self) -> bool:
        """Whether one side may not."""
        return self.Rule.FORBIDDEN in (self.receive, self.give)

    def is_old(self, day: date) -> bool:
        """Whether it was reviewed more than a year before ``day``."""
        return (day - self.reviewed_on).days > REVIEW_DAYS
