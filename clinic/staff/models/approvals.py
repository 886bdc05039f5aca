"""The clinic's approvals of telecounselling, and the people they name (G0.2, G10.1)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.organisation.models import County, Premises, Room
from clinic.staff.models.dated import Dated, DatedQuerySet, same
from clinic.staff.models.practitioners import Practitioner


class Channel(models.TextChoices):
    """Ways of telecounselling (G0.2); in person is not one."""

    VIDEO = "video", _("video")
    TELEPHONE = "telephone", _("telephone")


class ApprovalQuerySet(DatedQuerySet):
    def covering(self, user: int, room: Room, channel: str, day: date) -> "ApprovalQuerySet":
        """Those of ``day`` that name the user, the way and the premises of the room."""
        named = ApprovedPerson.objects.in_force_on(day).filter(practitioner__user=user)
        here = self.in_force_on(day).filter(premises=room.premises_id, people__in=named)
        return here.filter(channels__contains=[channel])

    def found_by(self, text: str) -> "ApprovalQuerySet":
        """Those whose number, county or medical institution contains ``text``."""
        county = Q(county__name_zh__icontains=text) | Q(county__name_en__icontains=text)
        return self.filter(Q(number__icontains=text) | Q(medical_partner__icontains=text) | county)

    def with_places(self) -> "ApprovalQuerySet":
        """Together with county and premises, in two queries."""
        return self.select_related("county").prefetch_related("premises")


class Approval(Dated):
    """The health bureau's approval of telecounselling (心理師法 §10 proviso). The end may be open."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, verbose_name=_("county"))
    number = models.CharField(_("approval number"), max_length=60)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel), verbose_name=_("ways"))
    premises = models.ManyToManyField(Premises, verbose_name=_("premises"))
    age_floor = models.PositiveSmallIntegerField(_("minimum age"), default=18)
    exclusions = models.TextField(_("excluded persons"), blank=True)
    medical_partner = models.CharField(_("medical institution for referral"), max_length=100)

    moved_people: Sequence[str] = ()  # whose last day moved with its own, when it was saved

    objects = ApprovalQuerySet.as_manager()

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

    @property
    def names_partner(self) -> bool:
        """Whether the medical institution of the co-operation plan is on file."""
        return bool(self.medical_partner.strip())

    @property
    def channel_names(self) -> list[str]:
        """The ways it covers, in the reader's language."""
        return [str(Channel(value).label) for value in self.channels]


class ApprovedPersonQuerySet(DatedQuerySet):
    def by_name(self) -> "ApprovedPersonQuerySet":
        """With accounts and approval, in the order of names."""
        found = self.select_related("practitioner__user", "approval")
        return found.order_by("practitioner__user__name", "-period")

    def named_in(self, approval: "Approval") -> "ApprovedPersonQuerySet":
        """The people of one approval with their accounts, by name."""
        return self.filter(approval=approval).by_name()

    def of_users(self, users: Iterable[int]) -> "ApprovedPersonQuerySet":
        """Places of these users in approvals, with approval and its premises, in two queries."""
        return (
            self.filter(practitioner__user__in=users)
            .select_related("practitioner", "approval")
            .prefetch_related("approval__premises")
        )


class ApprovedPerson(Dated):
    """A practitioner whom an approval names, for a period within the approval's own (trigger)."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="people")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="approvals"
    )

    objects = ApprovedPersonQuerySet.as_manager()

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
