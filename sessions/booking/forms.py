"""Forms of booking, moving and cancelling."""

from datetime import datetime
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.cases.models import Case
from clinic.kernel.fields import DayField
from clinic.kernel.glyphs import printable_lines
from clinic.organisation.models import Room
from clinic.people.places import Place
from sessions.booking.times import LONGEST, SHORTEST
from sessions.models import Channel, CounsellingSession


class HourField(forms.TimeField):
    """A time as people type it: 14:00, 14：00, 1400, 930, or the bare hour."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = normalize("NFKC", value).strip()
            if value.isdecimal():
                value = f"{value}00".zfill(4) if len(value) < 3 else value.zfill(4)
        return super().to_python(value)


class TimeForm(forms.Form):
    """When, how and where: what booking and moving ask alike."""

    mark_optional = False  # what is optional depends on the way; the help texts say it

    day = DayField(label=_("Day"))
    time = HourField(
        label=_("Begins at"),
        help_text=_("24 hours, such as 14:00. Taipei time."),
        input_formats=["%H:%M", "%H%M"],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Please write the time like 14:00.")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=50,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    channel = forms.ChoiceField(label=_("Way"), choices=Channel, widget=forms.RadioSelect)
    call_link = forms.URLField(
        label=_("Link to the video call"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Of the clinic's own video system. For video only."),
        error_messages={"invalid": _("This is not a web address. It begins with https://.")},
    )
    room = forms.TypedChoiceField(
        label=_("Counselling room"), coerce=int, help_text=_("Where you sit during the session.")
    )

    def __init__(self, *args: Any, rooms: list[Room], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rooms = {room.pk: room for room in rooms}
        names = [(room.pk, f"{room.premises.name}・{room.name}") for room in rooms]
        self.fields["room"].choices = [("", "–"), *names]

    def clean_call_link(self) -> str:
        link = self.cleaned_data["call_link"]
        if link and not link.startswith("https://"):
            raise ValidationError(_("The link has to begin with https://."), code="scheme")
        return link

    @property
    def start(self) -> datetime:
        """The beginning, aware, in the clinic's time zone."""
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        return timezone.make_aware(datetime.combine(day, time))

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {
            "room": self.rooms[self.cleaned_data["room"]],
            "channel": self.cleaned_data["channel"],
            "start": self.start,
            "minutes": self.cleaned_data["minutes"],
            "call_link": self.cleaned_data["call_link"],
        }

    @property
    def grouped(self):
        return [
            (_("When"), "", [self["day"], self["time"], self["minutes"]]),
            (_("How and where"), "", self._how()),
        ]

    def _how(self) -> list[forms.BoundField]:
        return [self["channel"], self["call_link"], self["room"]]


class BookForm(TimeForm):
    """Booking a session: the time, and where the client will be."""

    place = forms.TypedChoiceField(
        label=_("Where the client will be"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("The usual place, unless the client says otherwise."),
    )

    def __init__(self, *args: Any, case: Case, places: list[Place], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.places = {place.pk: place for place in places}
        named = [(p.pk, f"{p.label}：{p.full_address}") for p in places]
        self.fields["place"].choices = [("", _("the usual place")), *named]

    def _how(self) -> list[forms.BoundField]:
        return [*super()._how(), self["place"]]

    @property
    def values(self) -> dict[str, Any]:
        return super().values | {"place": self.places.get(self.cleaned_data["place"])}


class MoveForm(TimeForm):
    """Another time, room or way for the session as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def values(self) -> dict[str, Any]:
        return super().values | {"version": self.cleaned_data["version"]}


class CancelForm(forms.Form):
    """Why a session is cancelled, as it was shown, and by whom."""

    side = forms.ChoiceField(
        label=_("Who cancels"), choices=CounsellingSession.Side, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        validators=[printable_lines],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For the file. The mail to the client does not show it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
