"""Places where a person is when she is served: home, the office, her sister's (G5.2, G10.4)."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.organisation.models import Town, address
from clinic.people.countries import TAIWAN, country_choices, country_name
from clinic.people.models import Person


class PlaceQuerySet(EncryptedQuerySet):
    def in_use(self) -> "PlaceQuerySet":
        """Places that were not ended, the usual one first, with township and county."""
        rows = self.filter(ended_at=None).select_related("town__county")
        return rows.order_by("-usual", "id")

    def of(self, people: Iterable[Person]) -> "PlaceQuerySet":
        """Places of these people, with their person."""
        return self.filter(person__in=list(people)).select_related("person")


def usual_place(person: Person) -> "Place | None":
    """Return where a person usually is: by the clock there her day and her safe hours count."""
    return Place.objects.in_use().filter(person=person, usual=True).first()


def is_told_abroad(person: Person) -> bool:
    """Whether what is written to her may show that she is abroad: her usual place is. One query.

    Never for who asked for neutral words: whoever reads along would learn where she is.
    """
    place = None if person.neutral_contact else usual_place(person)
    return place is not None and place.is_abroad


class Place(EncryptedModel):
    """One place of a person. ``country`` is the ISO 3166 code of two letters."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="places")
    label = models.CharField(_("what you call it"), max_length=60)
    country = models.CharField(_("country"), max_length=2, default=TAIWAN, choices=country_choices)
    region = models.CharField(_("state, province or city abroad"), max_length=60, blank=True)
    town = models.ForeignKey(
        Town, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("township")
    )
    village = models.CharField(_("village or neighbourhood"), max_length=40, blank=True)
    street = EncryptedTextField(_("street, number and floor"))
    usual = models.BooleanField(_("the usual place"), default=False)
    ended_at = models.DateTimeField(null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(country=TAIWAN, town__isnull=False, region="")
                | (~Q(country=TAIWAN) & Q(town__isnull=True)),
                name="place_town_in_taiwan",
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="place_country_code"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(usual=True, ended_at__isnull=True),
                name="one_usual_place",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_abroad(self) -> bool:
        """Whether Taiwan's emergency numbers reach nobody from there."""
        return self.country != TAIWAN

    @property
    def full_address(self) -> str:
        """Everything an ambulance would ask for, in the order of the reader's language."""
        if self.country == TAIWAN:
            return address(self.town, f"{self.village}{self.street}")
        parts = (self.street, self.region, country_name(self.country))
        return ", ".join(part for part in parts if part)
