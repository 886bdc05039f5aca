"""The directory: who can be called where, as a source printed it or as the clinic knows better."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.kernel.append_only import AppendOnly
from clinic.organisation.models import County, Town
from crisis.models.resource_rows import ResourceQuerySet

OWN_FILE = "clinic"  # stands as source_file of what the clinic entered itself


class Resource(models.Model):
    """Somebody to call or go to. ``source_…`` is what the source says, the rest what is shown.

    ``edited`` names what the clinic corrected (name, phones, hours): a reload keeps the clinic's
    words there. ``numbers_since`` is when the numbers last changed: a confirmation or a report
    from before speaks of other numbers and does not count.
    """

    class Kind(models.TextChoices):
        HOTLINE = "hotline", _("hotline")
        CENTRE = "centre", _("community mental health centre")
        HOSPITAL = "hospital", _("hospital")
        MEDICAL = "medical", _("medical clinic")
        COUNSELLING = "counselling", _("counselling or psychotherapy clinic")
        SCHOOL = "school", _("school counselling centre")
        OTHER = "other", _("other help")

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        COUNTY = "county", _("county or city")
        TOWN = "town", _("township")

    class Status(models.TextChoices):
        SHOWN = "shown", _("shown")
        STALE = "stale", _("too old to show")
        SUSPENDED = "suspended", _("licence suspended (停發)")
        WITHDRAWN = "withdrawn", _("no longer in the source")
        REPEATED = "repeated", _("stands in another file as well")

    class Hold(models.TextChoices):
        """Why counsellors and clients are not shown a row before an administrator confirmed it."""

        SUSPENDED = "suspended", _("another source says: suspended")
        UNREAD = "unread", _("the source is not certain: read it again at the official page")

    kind = models.CharField(pgettext_lazy("of a resource", "kind"), max_length=20, choices=Kind)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    status = models.CharField(_("state in the source"), max_length=10, choices=Status)
    name = models.CharField(pgettext_lazy("of a place", "name"), max_length=120)
    county = models.ForeignKey(
        County, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("county")
    )
    town = models.ForeignKey(
        Town, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("township")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    purpose = models.CharField(_("what for"), max_length=200, blank=True)
    hours = models.CharField(_("hours as printed"), max_length=500, blank=True)
    always_open = models.BooleanField(_("open 24 hours"), default=False)
    phone_note = models.CharField(_("how else to reach it"), max_length=300, blank=True)
    offers_telecounselling = models.BooleanField(_("offers telecounselling"), null=True)
    fee_note = models.CharField(_("cost"), max_length=200, blank=True)
    languages = models.CharField(_("languages"), max_length=60, blank=True)
    text_channel = models.CharField(_("by text"), max_length=200, blank=True)
    url = models.CharField(_("website"), max_length=500, blank=True)

    source = models.CharField(_("source"), max_length=400)
    source_date = models.DateField(_("date of the source"))
    source_dated = models.CharField(_("date as printed"), max_length=20)
    source_file = models.CharField(max_length=60)
    source_key = models.CharField(max_length=150)
    source_name = models.CharField(max_length=120, blank=True)
    source_phone = models.CharField(max_length=300, blank=True)
    source_hours = models.CharField(max_length=500, blank=True)
    confidence = models.CharField(_("how sure the source is"), max_length=100, blank=True)

    edited = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    numbers_since = models.DateTimeField()
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    hidden_at = models.DateTimeField(null=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("local resource")
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["county", "kind"], name="resource_by_county"),
            # Whether another source calls one suspended is asked of every row that is shown.
            models.Index(
                fields=["name"], condition=Q(status="suspended"), name="suspended_by_name"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source_file", "source_key"], name="source_row_once"),
            models.CheckConstraint(
                condition=~(Q(source="") | Q(source_dated="") | Q(source_key="")),
                name="resource_has_source",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="resource_has_name"),
            models.CheckConstraint(
                condition=Q(level="national", county__isnull=True, town__isnull=True)
                | Q(level="county", county__isnull=False)
                | Q(level="town", county__isnull=False, town__isnull=False),
                name="resource_level_fits_place",
            ),
            models.CheckConstraint(
                condition=Q(town__isnull=True) | Q(county=Left("town", 5)),
                name="resource_town_in_county",
            ),
            models.CheckConstraint(
                condition=Q(hidden_by__isnull=True, hidden_at__isnull=True)
                | Q(hidden_by__isnull=False, hidden_at__isnull=False),
                name="resource_hidden_pair",
            ),
            models.CheckConstraint(
                condition=Q(edited__contained_by=["name", "phones", "hours"]),
                name="resource_edited_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown(self) -> bool:
        """Whether lists may show it: neither stale nor 停發, not gone, not hidden by the clinic."""
        return self.status == self.Status.SHOWN and self.hidden_at is None

    @cached_property
    def held(self) -> str:
        """Why it is held back, or ""; rows of ``with_confirmation()`` bring it, others ask once."""
        rows = Resource.objects.with_confirmation()
        return rows.values_list("held", flat=True).get(pk=self.pk)

    @property
    def is_offered(self) -> bool:
        """Whether anybody may be given it: shown, and not held back until it is confirmed."""
        return self.is_shown and not self.held

    @property
    def is_own(self) -> bool:
        """Whether the clinic entered it itself."""
        return self.source_file == OWN_FILE

    @property
    def is_weak(self) -> bool:
        """Whether the source is not sure of all of it, such as the hours: to be re-read before use."""
        return "medium" in self.confidence or "low" in self.confidence


class ResourcePhone(models.Model):
    """One telephone number. ``dial`` is empty where it is not certain what to dial."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="phones")
    position = models.PositiveSmallIntegerField()
    shown = models.CharField(max_length=120)
    dial = models.CharField(max_length=16, blank=True)
    extension = models.CharField(max_length=8, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("telephone number")
        ordering = ["resource", "position"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "position"], name="phone_position_once"),
            models.CheckConstraint(condition=~Q(shown=""), name="phone_is_shown"),
            models.CheckConstraint(
                condition=Q(dial__regex=r"^(\+?[0-9]{3,15})?$"), name="dial_digits_only"
            ),
            models.CheckConstraint(
                condition=Q(extension__regex=r"^[0-9]*$"), name="extension_digits_only"
            ),
            models.CheckConstraint(
                condition=Q(extension="") | ~Q(dial=""), name="extension_needs_number"
            ),
        ]

    def __str__(self) -> str:
        return self.shown


class Opening(models.Model):
    """A span in which the printed hours say it is open; Taipei time, 1 = Monday.

    Rows exist only where the printed words can be read with certainty. Public holidays are
    not known here.
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        verbose_name = _("opening hours")
        ordering = ["resource", "weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "weekday", "opens"], name="opening_once"),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="opening_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="opening_ends_later"),
        ]


class Confirmation(AppendOnly):
    """A named person rang the numbers or read them again at the official page."""

    class How(models.TextChoices):
        RANG = "rang", _("rang it")
        READ = "read", _("read it again at the source")

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="confirmations")
    how = models.CharField(max_length=10, choices=How)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("confirmation of a number")
        ordering = ["-at"]
        indexes = [models.Index(fields=["resource", "-at"], name="confirmation_newest")]


class Report(AppendOnly):
    """Somebody says that it does not answer (打不通). One a person and day."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("report of a number that does not answer")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "by", "on"], name="one_report_a_day")
        ]


class DirectoryLoad(AppendOnly):
    """One loading of the source files: when, by whom, their SHA-256, what came of each."""

    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    hashes = models.JSONField()
    counts = models.JSONField()

    class Meta:
        verbose_name = _("loading of the directory")
        ordering = ["-at"]
