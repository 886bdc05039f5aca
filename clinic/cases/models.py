"""Cases: one stretch of service each. The word never means a person."""

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.people.models import Person
from clinic.staff.models import Oversight


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CaseQuerySet":
        """Cases of the counsellor, of those she oversees today, and those opened to her.

        Three tables decide and no other: the case, Oversight in force, CaseAccess in force.
        """
        now = timezone.now()
        overseen = Oversight.objects.in_force_on(timezone.localdate(now)).filter(overseer=user)
        opened = CaseAccess.objects.filter(user=user, period__contains=now)
        return self.filter(
            Q(counsellor=user)
            | Q(counsellor__in=overseen.values("overseen"))
            | Q(pk__in=opened.values("case"))
        )

    def kept_by(self, user) -> "CaseQuerySet":
        """Of ``visible_to(user)``, those she works on herself: her own, where she stands in, and of
        a psychologist who left, where nobody else could note what the client asks for.
        """
        stands_in = CaseAccess.objects.filter(
            user=user, relation=CaseAccess.Relation.SUBSTITUTE, period__contains=timezone.now()
        )
        left = User.objects.who_left()
        return self.filter(
            Q(counsellor=user) | Q(counsellor__in=left) | Q(pk__in=stands_in.values("case"))
        )

    def open(self) -> "CaseQuerySet":
        """Cases that are not closed."""
        return self.filter(closed_at=None)

    def individual_of(self, person: Person, counsellor) -> "CaseQuerySet":
        """Individual cases of this person with this counsellor."""
        parts = Participant.objects.filter(person=person, left_at=None)
        return self.filter(
            modality=Case.Modality.INDIVIDUAL, counsellor=counsellor, pk__in=parts.values("case")
        )

    def in_state(self, state: str) -> "CaseQuerySet":
        """``open``, ``closed``, or anything else for all."""
        if state == "open":
            return self.open()
        return self.exclude(closed_at=None) if state == "closed" else self

    def of_counsellor(self, number: int | None) -> "CaseQuerySet":
        """Cases of the account with this id; None keeps all."""
        return self if number is None else self.filter(counsellor=number)

    def for_lists(self) -> "CaseQuerySet":
        """With counsellor and people, newest first, in three queries."""
        people = self.select_related("counsellor").prefetch_related("participants__person")
        return people.order_by("-opened_at", "-id")

    def found_by(self, text: str) -> "CaseQuerySet":
        """By the case's code, or by what finds one of its people."""
        number = text.upper().removeprefix("C-").lstrip("0")
        people = Person.objects.found_by(text)
        found = Q(pk__in=Participant.objects.filter(person__in=people).values("case"))
        return self.filter(found | Q(pk=int(number)) if number.isdecimal() else found)


class Case(models.Model):
    """One stretch of service by one counsellor."""

    class Modality(models.TextChoices):
        INDIVIDUAL = "individual", _("individual counselling")

    modality = models.CharField(_("kind of counselling"), max_length=20, choices=Modality)
    counsellor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("psychologist"),
    )
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_reason = models.CharField(_("reason for closing"), max_length=200, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_reason="")
                | Q(~Q(closed_reason=""), closed_at__isnull=False),
                name="case_closed_pair",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The case code that may stand in a mail: never a name."""
        return f"C-{self.pk:05d}"

    @property
    def people(self) -> list[Person]:
        """Who takes part now; no query where participants are prefetched."""
        return [part.person for part in self.participants.all() if part.left_at is None]


class Participant(models.Model):
    """A person's part in a case."""

    class Role(models.TextChoices):
        CLIENT = "client", _("client")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("participant")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(left_at__isnull=True), name="in_a_case_once"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(left_at__isnull=True, role="client"),
                name="one_client_a_case",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether she still takes part, in a case that was not closed."""
        return self.left_at is None and self.case.closed_at is None


class CaseAccess(models.Model):
    """Access to one case beyond its counsellor and her overseer, for a time and a reason."""

    class Relation(models.TextChoices):
        SUBSTITUTE = "substitute", _("substitute")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accesses")
    relation = models.CharField(max_length=20, choices=Relation)
    reason = models.CharField(max_length=200)
    period = DateTimeRangeField()

    class Meta:
        verbose_name = _("access to a case")
