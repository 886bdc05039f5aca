"""Forms of the register of places abroad."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.fields import DayField
from clinic.kernel.glyphs import printable, printable_lines
from clinic.people.countries import TAIWAN, country_choices
from sessions.models import Jurisdiction


def choices_abroad() -> list[tuple[str, str]]:
    """Every country but Taiwan, in the reader's language."""
    return [("", "–"), *(pair for pair in country_choices() if pair[0] != TAIWAN)]


class RuleForm(forms.Form):
    """What the law of a place says, where it says so, and when it was read."""

    receive = forms.ChoiceField(
        label=_("May the client receive the service there?"),
        choices=Jurisdiction.Rule.choices,
        widget=forms.RadioSelect,
        initial=Jurisdiction.Rule.UNKNOWN,
    )
    give = forms.ChoiceField(
        label=_("May the service be given there from Taiwan?"),
        choices=Jurisdiction.Rule.choices,
        widget=forms.RadioSelect,
        initial=Jurisdiction.Rule.UNKNOWN,
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        max_length=2000,
        required=False,
        validators=[printable_lines],
        widget=forms.Textarea,
        help_text=_("Such as a registration or an insurance that the place asks for."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        validators=[printable],
        help_text=_("The law with its article, or the authority's page or letter."),
    )
    reviewed_on = DayField(label=_("Reviewed on"))


class JurisdictionForm(RuleForm):
    """A place that is not in the register yet."""

    country = forms.ChoiceField(label=_("Country"), choices=choices_abroad)
    region = forms.CharField(
        label=_("State or region"),
        max_length=60,
        required=False,
        validators=[printable],
        help_text=_("Empty for the whole country. Write it as in the client's place."),
    )
    field_order = ["country", "region"]

    def clean_region(self) -> str:
        return " ".join(unicodedata.normalize("NFKC", self.cleaned_data["region"]).split())


class ReviewForm(forms.Form):
    """The rule was read again and has not changed."""

    source = RuleForm.base_fields["source"]
    reviewed_on = DayField(label=_("Reviewed on"))


class JurisdictionFilter(forms.Form):
    q = forms.CharField(label=_("Country, region or source"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("Rule"),
        required=False,
        choices=[
            ("", _("all")),
            *((value, label) for value, label in Jurisdiction.Rule.choices),
            ("old", _("reviewed over a year ago")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        return {"q": "", "state": ""} | super().clean()
