"""Forms of the training log."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.fields import PracticeDayField
from clinic.kernel.files.fields import UploadField
from clinic.kernel.glyphs import printable
from supervision.models import TrainingEntry

MOST = Decimal(999)


class TrainingForm(forms.Form):
    """One training that took place."""

    category = forms.ChoiceField(
        label=_("Category"), choices=[("", "–"), *TrainingEntry.Category.choices]
    )
    title = forms.CharField(
        label=_("Title of the training"), max_length=200, validators=[printable]
    )
    day = PracticeDayField(label=_("Day"))
    hours = forms.DecimalField(
        label=_("Hours"), min_value=0, max_value=MOST, decimal_places=1, initial=0
    )
    points = forms.DecimalField(
        label=_("Continuing-education points"),
        min_value=0,
        max_value=MOST,
        decimal_places=1,
        initial=0,
        help_text=_("0 where none were given."),
    )
    organiser = forms.CharField(label=_("Organiser"), max_length=120, validators=[printable])
    lecturer = forms.CharField(
        label=_("Lecturer"), max_length=120, required=False, validators=[printable]
    )
    proof = UploadField(
        label=_("Proof"),
        required=False,
        help_text=_("The certificate as PDF, JPEG, PNG or WebP."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "hours" in data and "points" in data and not data["hours"] and not data["points"]:
            self.add_error("hours", _("Please give hours or points: one of them is not 0."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes, but for the proof."""
        return {name: value for name, value in self.cleaned_data.items() if name != "proof"}
