"""The clinic itself: its particulars, premises, rooms, opening hours; the country's divisions."""

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clinic.kernel.roles import PSYCHOLOGISTS


class County(models.Model):
    """A county or city of Taiwan; the key is the official code."""

    code = models.CharField(max_length=5, primary_key=True)
    name_zh = models.CharField(max_length=20)
    name_en = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("county")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_zh


class Town(models.Model):
    """A township, city or district; the key is the official code."""

    code = models.CharField(max_length=8, primary_key=True)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="towns")
    name_zh = models.CharField(max_length=20)
    name_en = models.CharField(max_length=60)
    postal_code = models.CharField(max_length=3)

    class Meta:
        verbose_name = _("township")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_zh

    @property
    def full_name(self) -> str:
        """County and township in the order of the reader's language."""
        if get_language() == "en":
            return f"{self.name_en}, {self.county.name_en}"
        return f"{self.county.name_zh}{self.name_zh}"


def address(town: "Town | None", street: str) -> str:
    """County, township and street in the order of the reader's language."""
    if town is None or not street:
        return street or (town.full_name if town else "")
    joined = f"{street}, {town.full_name}"
    return joined if get_language() == "en" else f"{town.full_name}{street}"


class Clinic(models.Model):
    """The one clinic of this database. Made by the set-up page."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("full legal name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    neutral_name = models.CharField(_("neutral name"), max_length=60)
    licence_number = models.CharField(_("establishment licence number"), max_length=60)
    phone = models.CharField(_("telephone"), max_length=30)
    neutral_phone = models.CharField(_("neutral telephone"), max_length=30)
    town = models.ForeignKey(Town, on_delete=models.PROTECT, verbose_name=_("township"))
    street = models.CharField(_("street and number"), max_length=120)
    communication_system = models.CharField(_("communication system"), max_length=60)
    # How long a broken line is tried before the psychologist calls (A5, A6). The form that is
    # signed, the opening check, the live page and the crisis page all say this one number.
    reconnect_minutes = models.PositiveSmallIntegerField(
        _("minutes before the psychologist calls"), default=5
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        verbose_name=_("psychologist in charge"),
        related_name="+",
    )
    no_approval_yet = models.BooleanField(_("no approval yet"), default=False)

    class Meta:
        verbose_name = _("clinic")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_clinic")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def the_one(cls) -> "Clinic | None":
        """The clinic with its township; None until it is set up."""
        return cls.objects.select_related("town__county", "responsible").first()

    @property
    def called(self) -> str:
        """Its name in the reader's language, as far as it has an English one."""
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def in_charge(self):
        """The psychologist in charge (心理師法 §21); None where she works here as one no longer."""
        named = self.responsible
        return named if named and named.is_active and named.has_role(*PSYCHOLOGISTS) else None

    @property
    def full_address(self) -> str:
        return address(self.town, self.street)


MIDNIGHT = time.max  # kept of a day that ends with the clinic open


def clock(at: time) -> str:
    """Return an opening or closing time as it is written; at the end of a day it is 24:00."""
    return "24:00" if at == MIDNIGHT else f"{at:%H:%M}"


class OpeningHours(models.Model):
    """One opening of the clinic on a weekday (1 = Monday), in the clinic's time zone."""

    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__range=(1, 7)), name="a_weekday"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="closes_after_opening"
            ),
            models.UniqueConstraint(fields=["weekday"], name="one_opening_a_day"),
        ]

    @property
    def span(self) -> str:
        return f"{clock(self.opens)}–{clock(self.closes)}"

    @classmethod
    def week(cls) -> "list[OpeningHours]":
        """The openings of the week, Monday first."""
        return list(cls.objects.all())


class Premises(models.Model):
    """A place of practice, as on the establishment licence."""

    name = models.CharField(pgettext_lazy("of a place", "name"), max_length=60, unique=True)
    town = models.ForeignKey(Town, on_delete=models.PROTECT, verbose_name=_("township"))
    street = models.CharField(_("street and number"), max_length=120)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("premises")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def with_rooms(cls) -> "models.QuerySet[Premises]":
        """All premises with township and rooms, in two queries."""
        return cls.objects.select_related("town__county").prefetch_related("rooms")

    @property
    def full_address(self) -> str:
        return address(self.town, self.street)

    def form_values(self) -> dict[str, object]:
        """What a form starts with."""
        names = ("name", "town_id", "street", "active")
        return {n: getattr(self, n) for n in names} | {"county": self.town_id[:5]}


class Room(models.Model):
    """A counselling room (A3: the psychologist works from one)."""

    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(pgettext_lazy("of a place", "name"), max_length=60)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("counselling room")
        ordering = ["premises__name", "name"]
        constraints = [models.UniqueConstraint(fields=["premises", "name"], name="room_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        """Whether it and its premises are in use; see ``in_use``."""
        return self.active and self.premises.active

    @classmethod
    def in_use(cls) -> "models.QuerySet[Room]":
        """Rooms in use of premises in use, with their premises."""
        return cls.objects.filter(active=True, premises__active=True).select_related("premises")
