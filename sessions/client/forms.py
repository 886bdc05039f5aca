"""The one form of the page behind an appointment's link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.fields import DayField


class BirthDateForm(forms.Form):
    """The birth date, before the link to the call is shown."""

    birth_date = DayField(
        label=_("Your date of birth"),
        help_text=_("So that we know it is you. Year, month and day, for example 1990-05-01."),
        widget=forms.TextInput(
            attrs={"autocomplete": "bday", "inputmode": "text", "maxlength": "30"}
        ),
    )
