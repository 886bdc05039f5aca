"""The form of a place: in Taiwan by county and township, abroad by country and city."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.organisation.fields import CountyField, TownField, check_town
from clinic.organisation.models import Town
from clinic.people.countries import TAIWAN, country_choices
from clinic.people.forms import text
from clinic.people.places import Place

IN_TAIWAN = ("county", "town", "village")


class PlaceForm(forms.Form):
    """Where a client is when she is served (G5.2, G10.4)."""

    mark_optional = False  # what is optional depends on the country; the help texts say it

    label = text(
        _("What you call it"),
        60,
        required=True,
        help_text=_("Such as home, the office, at her sister's."),
    )
    usual = forms.BooleanField(
        label=_("This is the usual place"),
        required=False,
        help_text=_("A session counts on it until the client says that she is somewhere else."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=country_choices,
        initial=TAIWAN,
        error_messages={
            "invalid_choice": _("This country is not in the list. Please choose one from it.")
        },
    )
    county = CountyField(required=False)
    town = TownField("county", required=False)
    village = text(
        _("Village or neighbourhood"), 40, help_text=_("Where known: 村里, for the village chief.")
    )
    region = text(
        _("State, province or city"),
        60,
        help_text=_("As it is written there, such as London. Local law is looked up by it."),
    )
    street = text(
        _("Street, number and floor"),
        200,
        required=True,
        help_text=_("What an ambulance needs to find the door."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("label", "country", "county", "town", "village", "region"):
            self.fields[name].widget.attrs["class"] = "w-m"

    @property
    def grouped(self) -> list[tuple]:
        groups = (
            (_("The place"), "", "label usual country"),
            (_("In Taiwan"), _("Abroad: leave this empty."), "county town village"),
            (_("Abroad"), _("In Taiwan: leave this empty."), "region"),
            (_("The door"), "", "street"),
        )
        return [(title, words, [self[n] for n in names.split()]) for title, words, names in groups]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("country") == TAIWAN:
            self._check_taiwan(data)
        elif data.get("country"):
            self._check_abroad(data)
        return data

    def _check_taiwan(self, data: dict[str, Any]) -> None:
        check_town(self, "county", "town")
        if not data.get("town") and not {"county", "town"} & {*self.errors}:
            self.add_error("town", _("Please choose county and township."))
        if data.get("region"):
            self.add_error("region", _("This is for places abroad. Please leave it empty."))

    def _check_abroad(self, data: dict[str, Any]) -> None:
        if any(data.get(name) for name in IN_TAIWAN):
            name = next(name for name in IN_TAIWAN if data.get(name))
            self.add_error(
                name, _("This is for places in Taiwan. Please leave it empty, or choose Taiwan.")
            )
        if not data.get("region") and "region" not in self.errors:
            self.add_error("region", _("Please say in which state, province or city it is."))

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes: the township as a row, no county."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "county"}
        towns = Town.objects.select_related("county")
        data["town"] = towns.get(pk=data["town"]) if data["town"] else None
        return data

    @classmethod
    def initial_of(cls, place: Place) -> dict[str, Any]:
        """Return what the form of an existing place starts with."""
        start = {name: getattr(place, name) for name in {*cls.base_fields} - {"county"}}
        code = place.town_id or ""
        return start | {"town": code, "county": code[:5]}
