"""Booked sessions and what each keeps busy.

``CounsellingSession`` is not called Session: Django's own web sessions are. One ``Occupancy`` row
per member of staff, room and person with three partial exclusion constraints, because several
exclusion constraints on one row deadlock under load.
"""

from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.cases.access import cases_visible_to
from clinic.cases.models import Case, Participant
from clinic.kernel.dates import day_bounds
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.organisation.models import Room
from clinic.people.models import Person


class Channel(models.TextChoices):
    """Ways of a session (G0.2). In person is not telecounselling."""

    VIDEO = "video", _("video")
    TELEPHONE = "telephone", _("telephone")
    IN_PERSON = "in_person", _("in person")


class SessionQuerySet(EncryptedQuerySet):
    def visible_to(self, user) -> "SessionQuerySet":
        """Sessions of the cases that ``user`` sees."""
        return self.filter(case__in=cases_visible_to(user))

    def of_person(self, person: Person) -> "SessionQuerySet":
        """Sessions of the cases that a client takes or took part in, each once."""
        parts = Participant.objects.filter(person=person)
        return self.filter(case__in=parts.values("case"))

    def between(self, start: datetime, end: datetime) -> "SessionQuerySet":
        """Sessions that touch the time from ``start`` to ``end``."""
        return self.filter(during__overlap=(start, end))

    def on_day(self, day: date) -> "SessionQuerySet":
        """Sessions that touch a day of the clinic's time zone."""
        return self.between(*day_bounds(day))

    def standing(self) -> "SessionQuerySet":
        """All but cancelled ones."""
        return self.exclude(state=CounsellingSession.State.CANCELLED)

    def booked(self) -> "SessionQuerySet":
        """Those that have not begun and still stand."""
        return self.filter(state=CounsellingSession.State.BOOKED)

    def stranded(self, now: datetime) -> "SessionQuerySet":
        """Those to come that cannot begin: the case was closed, or the psychologist left."""
        cannot = Q(case__closed_at__isnull=False) | Q(counsellor__in=User.objects.who_left())
        return self.to_come(now).filter(cannot)

    def to_come(self, now: datetime) -> "SessionQuerySet":
        """Booked sessions that end after ``now``."""
        return self.booked().filter(during__endswith__gt=now)

    def running_or_to_come(self, now: datetime) -> "SessionQuerySet":
        """Those in progress, and booked ones that end after ``now``."""
        return self.to_come(now) | self.running()

    def people_by_channel(self) -> set[tuple[int, str]]:
        """Return who takes part, by id, with each channel of her sessions."""
        return set(self.values_list("case__participants__person", "channel"))

    def held(self) -> "SessionQuerySet":
        """Those that took place."""
        return self.filter(state=CounsellingSession.State.ENDED)

    def running(self) -> "SessionQuerySet":
        """Those in progress."""
        return self.filter(state=CounsellingSession.State.STARTED)

    def without_signed_note(self) -> "SessionQuerySet":
        """Those that ended and whose note is not begun, or not signed."""
        return self.held().filter(note__signed_at__isnull=True)

    def of_counsellor(self, user) -> "SessionQuerySet":
        """Those that ``user`` holds, with their cases, in order."""
        return self.filter(counsellor=user).select_related("case").in_order()

    def latest_of(self, case: Case) -> "CounsellingSession | None":
        """The newest session of a case that was not cancelled."""
        return self.filter(case=case).standing().order_by("-during").first()

    def tele_to_come(self, now: datetime) -> "SessionQuerySet":
        """Booked sessions by telecommunication that end after ``now``, in order."""
        return self.to_come(now).exclude(channel=Channel.IN_PERSON).in_order()

    def in_order(self) -> "SessionQuerySet":
        return self.order_by("during", "id")

    def with_people(self) -> "SessionQuerySet":
        """With case, participants, psychologist and room, in a constant number of queries."""
        rows = self.select_related(
            "counsellor__practitioner", "room__premises__town__county", "case__counsellor"
        )
        return rows.prefetch_related("case__participants__person")


class CounsellingSession(EncryptedModel):
    """One session of a case: who, when, by which way, in which room of the clinic."""

    class State(models.TextChoices):
        BOOKED = "booked", _("booked")
        STARTED = "started", _("in progress")
        ENDED = "ended", _("ended")
        NOT_ATTENDED = "not_attended", _("not attended")
        CANCELLED = "cancelled", _("cancelled")

    class Side(models.TextChoices):
        CLIENT = "client", _("the client")
        CLINIC = "clinic", _("the clinic")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sessions")
    counsellor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="sessions",
        verbose_name=_("psychologist"),
    )
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, related_name="+", verbose_name=_("counselling room")
    )
    channel = models.CharField(_("way"), max_length=10, choices=Channel)
    call_link = EncryptedTextField(_("link to the video call"), blank=True)
    during = DateTimeRangeField(_("time"))
    state = models.CharField(max_length=12, choices=State, default=State.BOOKED)
    version = models.PositiveIntegerField(default=1)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    booked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled_side = models.CharField(max_length=10, choices=Side, blank=True)
    cancelled_reason = EncryptedTextField(blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        indexes = [
            GistIndex(fields=["during"]),
            models.Index(fields=["case", "during"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "during"], name="session_time_once"),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__startswith__isnull=False,
                    during__endswith__isnull=False,
                ),
                name="session_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "cancelled", "not_attended"], started_at=None)
                | Q(state__in=["started", "ended"], started_at__isnull=False),
                name="session_started_pair",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at=None)),
                name="session_ended_pair",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") ^ Q(cancelled_side=""),
                name="session_cancelled_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"S-{self.pk:05d}"

    @property
    def starts_at(self) -> datetime:
        return timezone.localtime(self.during.lower)

    @property
    def ends_at(self) -> datetime:
        return timezone.localtime(self.during.upper)

    @property
    def minutes(self) -> int:
        """The planned length in minutes."""
        return int((self.during.upper - self.during.lower).total_seconds() // 60)

    @property
    def is_tele(self) -> bool:
        """Whether it is telecounselling."""
        return self.channel != Channel.IN_PERSON

    @property
    def as_told(self) -> tuple:
        """What a client is told of it: another room alone is no news but where she comes to it."""
        comes_to = None if self.is_tele else self.room.premises_id
        return self.during, self.channel, comes_to

    @property
    def is_stranded(self) -> bool:
        """Whether it stands but cannot begin: its case was closed, or its psychologist left."""
        cannot = self.case.closed_at is not None or self.counsellor.has_left
        return cannot and self.state == self.State.BOOKED

    def runs_or_may_begin(self, now: datetime) -> bool:
        """Whether it is in progress, or is to come and can begin."""
        ahead = self.state == self.State.BOOKED and now < self.during.upper
        return self.state == self.State.STARTED or (ahead and not self.is_stranded)

    @property
    def people(self) -> list[Person]:
        """Who takes part; no query where the case's participants are prefetched."""
        return self.case.people


class OccupancyQuerySet(models.QuerySet):
    def busy(self, during, resources: list[tuple[str, int]], but: int | None = None):
        """Rows that keep one of ``resources`` (kind, id) busy within ``during``."""
        wanted = Q()
        for kind, resource in resources:
            wanted |= Q(kind=kind, resource=resource)
        rows = self.filter(wanted, during__overlap=during, released=False).exclude(session=but)
        return rows.order_by("during", "kind")


class Occupancy(models.Model):
    """One member of staff, room or person kept busy by a session.

    ``during`` follows the session's own by a foreign key over both columns (migration 0002), so
    the two cannot differ.
    """

    class Kind(models.TextChoices):
        STAFF = "staff", _("psychologist")
        ROOM = "room", _("room")
        PERSON = "person", _("client")

    session = models.ForeignKey(
        CounsellingSession, on_delete=models.PROTECT, related_name="occupancies"
    )
    during = DateTimeRangeField()
    kind = models.CharField(max_length=10, choices=Kind)
    resource = models.BigIntegerField()
    released = models.BooleanField(default=False)

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("time kept busy")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "kind", "resource"], name="occupied_once_a_session"
            ),
            *(
                ExclusionConstraint(
                    name=f"{kind}_in_one_session_at_a_time",
                    expressions=[
                        (
                            Func(F("resource"), F("resource"), Value("[]"), function="int8range"),
                            RangeOperators.OVERLAPS,
                        ),
                        ("during", RangeOperators.OVERLAPS),
                    ],
                    condition=Q(kind=kind, released=False),
                )
                for kind in ("staff", "room", "person")
            ),
        ]


class Attendance(models.Model):
    """Who was there, in which role, as confirmed at the opening (G7.1)."""

    session = models.ForeignKey(
        CounsellingSession, on_delete=models.PROTECT, related_name="attendances"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    present_from = models.DateTimeField()
    present_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("attendance")
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="attends_a_session_once"),
        ]
