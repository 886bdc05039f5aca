"""The door: what both sides show and say in the call before the service begins (A2–A6, G10.4)."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.organisation.models import Room
from clinic.people.models import Person
from sessions.models.bookings import Channel, CounsellingSession

DOOR_OPENS = timedelta(hours=1)  # before the planned start


class DoorCheckQuerySet(EncryptedQuerySet):
    def since_it_opened(self) -> "DoorCheckQuerySet":
        """Answers of the call itself; those given before the session was moved here are not."""
        return self.filter(at__gte=F("session__during__startswith") - DOOR_OPENS)

    def in_the_call(self) -> "DoorCheckQuerySet":
        """The same, by the way and in the room that the session has now; others are asked anew."""
        same_way = Q(channel="") | Q(channel=F("session__channel"))
        same_room = Q(room=None) | Q(room=F("session__room"))
        return self.since_it_opened().filter(same_way, same_room)


class DoorCheck(EncryptedModel, AppendOnly):
    """One point as confirmed in the call. The newest row of a point and person counts.

    ``note`` holds the key of the answer in ``opening_check.toml``.
    """

    NO_CALL = "no_call"  # of DISCONNECT_PLAN: whatever happens to the line, she is not called

    class Point(models.TextChoices):
        CLIENT_IDENTITY = "client_identity", _("the client's identity")
        LICENCE_SHOWN = "licence_shown", _("the practice licence, shown or at hand")
        ROOM = "room", _("the clinic's counselling room")
        PLACE = "place", _("the client's place today")
        PRIVATE = "private", _("private surroundings")
        NO_RECORDING = "no_recording", _("no recording")
        LINE = "line", _("device and line")
        DISCONNECT_PLAN = "disconnect_plan", _("what we do when the line breaks")
        STATE_TODAY = "state_today", _("how the client is today")
        ROLES = "roles", _("who takes part, in which role")

    class Result(models.TextChoices):
        OK = "ok", _("Done")
        FIX = "fix", _("Needs action")
        STOP = "stop", _("Do not start today")

    session = models.ForeignKey(
        CounsellingSession, on_delete=models.PROTECT, related_name="door_checks"
    )
    point = models.CharField(max_length=20, choices=Point)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    result = EncryptedTextField(choices=Result)
    note = EncryptedTextField(blank=True)
    # As the session was when it was asked; empty in rows from before it was kept.
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DoorCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check at the door")
        ordering = ["at", "id"]
