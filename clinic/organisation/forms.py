"""Forms of the set-up page."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.kernel.fields import PhoneField
from clinic.kernel.glyphs import printable
from clinic.kernel.letters import no_braces
from clinic.organisation.fields import CountyField, TownField, check_town
from clinic.organisation.models import MIDNIGHT, Clinic, OpeningHours

TELLING = ("諮商", "心理", "輔導", "counsel", "psych", "therap")  # what a neutral name hides
FILLED = [printable, no_braces]  # consent forms are filled with it
TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class AddressForm(forms.Form):
    """County, township and street."""

    county = CountyField()
    town_id = TownField("county")
    street = forms.CharField(label=_("Street and number"), max_length=120, validators=FILLED)

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_town(self, "county", "town_id")
        return self.cleaned_data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes: everything but the county, which the township implies."""
        return {k: v for k, v in self.cleaned_data.items() if k != "county"}


class ClinicForm(AddressForm):
    """The clinic's particulars, as on its establishment licence."""

    name = forms.CharField(
        label=_("Full legal name"),
        max_length=100,
        validators=FILLED,
        help_text=_("As on the establishment licence. It stands in every consent form."),
    )
    name_en = forms.CharField(
        label=_("English name"), max_length=100, required=False, validators=FILLED
    )
    licence_number = forms.CharField(
        label=_("Establishment licence number"), max_length=60, validators=[printable]
    )
    phone = PhoneField(max_length=30)
    communication_system = forms.CharField(
        label=_("Communication system"),
        max_length=60,
        validators=FILLED,
        help_text=_("The program clients install for video sessions, as the approval names it."),
    )
    reconnect_minutes = forms.IntegerField(
        label=_("Minutes before the psychologist calls"),
        min_value=1,
        max_value=30,
        initial=5,
        help_text=_(
            "So long both try to join again when the line breaks. Consent forms say it: publish "
            "them anew after a change."
        ),
    )
    neutral_name = forms.CharField(
        label=_("Neutral name"),
        max_length=60,
        validators=[printable],
        help_text=_("Mail is sent under this name. It must not show what the clinic does."),
    )
    neutral_phone = PhoneField(
        label=_("Neutral telephone"),
        max_length=30,
        help_text=_("A number that is not answered with the clinic's name."),
    )

    field_order = ["name", "name_en", "licence_number", "phone", "county", "town_id", "street"]

    @property
    def grouped(self) -> list[tuple]:
        who = ["name", "name_en", "licence_number", "communication_system", "reconnect_minutes"]
        neutral_help = _("For people whose mail or telephone others may see.")
        return [
            (_("Clinic"), "", [self[name] for name in who]),
            (_("Where"), "", [self[name] for name in ("phone", "county", "town_id", "street")]),
            (_("Neutral contact"), neutral_help, [self["neutral_name"], self["neutral_phone"]]),
        ]

    def clean_neutral_name(self) -> str:
        name = self.cleaned_data["neutral_name"]
        if telling := [word for word in TELLING if word in name.lower()]:
            raise forms.ValidationError(
                _("This name shows what the clinic does (%(word)s). Please choose another.")
                % {"word": telling[0]}
            )
        return name

    @staticmethod
    def initial_of(clinic: Clinic | None) -> dict[str, Any]:
        """Return what the form starts with."""
        if clinic is None:
            return {}
        fields = set(ClinicForm.base_fields) - {"county"}
        return {f: getattr(clinic, f) for f in fields} | {"county": clinic.town_id[:5]}


class PremisesForm(AddressForm):
    """Premises of the clinic."""

    name = forms.CharField(
        label=pgettext_lazy("of a place", "Name"), max_length=60, validators=[printable]
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    field_order = ["name"]


class RoomForm(forms.Form):
    """A counselling room."""

    name = forms.CharField(
        label=pgettext_lazy("of a place", "Name"), max_length=60, validators=[printable]
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class HoursForm(forms.Form):
    """Opening and closing time of each weekday; both empty means closed.

    Open until midnight is 00:00 in the field: browsers know no 24:00.
    """

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for day, name in WEEKDAYS.items():
            for which, label in (("opens", _("%(day)s, opens")), ("closes", _("%(day)s, closes"))):
                self.fields[f"{which}_{day + 1}"] = forms.TimeField(
                    label=label % {"day": name}, required=False, widget=TIME
                )

    @property
    def grouped(self) -> Iterator[tuple]:
        for day, name in WEEKDAYS.items():
            yield name, "", [self[f"opens_{day + 1}"], self[f"closes_{day + 1}"]]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.hours = {}
        for day in WEEKDAYS:
            opens, closes = (self.cleaned_data.get(f"{w}_{day + 1}") for w in ("opens", "closes"))
            closes = MIDNIGHT if closes == time(0) else closes
            if opens and closes and opens < closes:
                self.hours[day + 1] = (opens, closes)
            elif opens or closes:
                self.add_error(
                    f"closes_{day + 1}",
                    _("Please give both times, the later one second."),
                )
        if not self.hours and not self.errors:
            raise forms.ValidationError(_("Please give the hours of at least one day."))
        return self.cleaned_data

    @staticmethod
    def initial_of(rows: list[OpeningHours]) -> dict[str, Any]:
        """Return what the form starts with."""
        opens = {f"opens_{row.weekday}": row.opens for row in rows}
        closes = {r.weekday: time(0) if r.closes == MIDNIGHT else r.closes for r in rows}
        return opens | {f"closes_{day}": at for day, at in closes.items()}
