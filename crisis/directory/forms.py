"""Forms of the directory."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.kernel.glyphs import printable, printable_lines
from clinic.organisation.fields import CountyField, TownField, check_town
from crisis.models import Resource

LISTED = (
    ("", _("shown")),
    ("held", _("to be confirmed first")),
    ("hidden", _("hidden or gone from the source")),
)


class DirectoryFilter(forms.Form):
    """Where, what kind, by name. What makes no sense is left out."""

    county = CountyField(required=False)
    town = TownField("county", required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("of a resource", "Kind"),
        choices=(("", _("all")), *Resource.Kind.choices),
        required=False,
    )
    listed = forms.ChoiceField(label=_("Entries"), choices=LISTED, required=False)
    q = forms.CharField(label=_("Name or address"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """A township of another county was chosen before the county: the county counts."""
        chosen = super().clean()
        county, town = chosen.get("county", ""), chosen.get("town", "")
        if town and not town.startswith(county):
            town = ""
        return chosen | {"county": county or town[:5], "town": town}


class CorrectionForm(forms.Form):
    """Name, numbers and hours of an entry, as they really are."""

    name = forms.CharField(
        label=pgettext_lazy("of a place", "Name"), max_length=120, validators=[printable]
    )
    phones = forms.CharField(
        label=_("Telephone numbers"),
        max_length=200,
        validators=[printable],
        help_text=_(
            "Several with 、 between them, an extension after #: 03-8351885#12、1925. "
            "A number that is not whole is shown, but has no link to call."
        ),
    )
    hours = forms.CharField(
        label=pgettext_lazy("of a resource", "Hours"),
        max_length=300,
        required=False,
        validators=[printable],
        help_text=_(
            "Such as 週一至週五08:30-12:00、13:30-17:30, or 24小時. What cannot be read with "
            "certainty is shown as written, without saying whether it is open now."
        ),
    )

    @property
    def values(self) -> dict[str, Any]:
        """What the action needs."""
        return self.cleaned_data

    @staticmethod
    def initial_of(resource: Resource) -> dict[str, Any]:
        """What is shown now; numbers in one line, as they would be typed."""
        parts = [phone.shown for phone in resource.phones.all()]
        if resource.phone_note:
            parts.append(resource.phone_note)
        phones = "、".join(parts)
        if "phones" not in resource.edited and not resource.is_own:
            phones = resource.source_phone
        return {"name": resource.name, "phones": phones, "hours": resource.hours}


class ResourceForm(CorrectionForm):
    """An entry of the clinic's own."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("of a resource", "Kind"),
        choices=[choice for choice in Resource.Kind.choices if choice[0] != "hotline"],
    )
    county = CountyField()
    town = TownField("county", required=False)
    address = forms.CharField(
        label=_("Address"), max_length=200, required=False, validators=[printable]
    )
    purpose = forms.CharField(
        label=_("What for"), max_length=200, required=False, validators=[printable_lines]
    )
    field_order = ("kind", "name", "county", "town", "address", "phones", "hours", "purpose")

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("town"):
            check_town(self, "county", "town")
        return self.cleaned_data

    @property
    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return values | {
            "county_id": values.pop("county"),
            "town_id": values.pop("town") or None,
        }
