"""Form fields that several folders use."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from clinic.kernel.dates import check_not_far_ahead, check_since_the_act, parse_date

LEAST_DIGITS = 5
PHONE = re.compile(r"[0-9+\-\s().]+(?:(?:#|轉|分機|ext\.?|x)\s*[0-9]+)?", re.IGNORECASE)


class DayField(forms.Field):
    """A calendar day, in CE or ROC years. Cleans to ``datetime.date`` or None."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
    default_error_messages = {"required": _("Please give a date.")}
    default_validators = [check_not_far_ahead]

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("Such as 2027-03-31 or 民國116年3月31日."))
        super().__init__(**kwargs)

    def to_python(self, value) -> date | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, date) else parse_date(value)

    def prepare_value(self, value) -> str:
        return value.isoformat() if isinstance(value, date) else value


class PracticeDayField(DayField):
    """A day of papers, supervision or training, none of which is older than the Psychologists Act."""

    def to_python(self, value) -> date | None:
        day = super().to_python(value)
        if day is not None:
            check_since_the_act(day, str(value))
        return day


class PeriodMixin(forms.Form):
    """First and last day of something that psychologists practise by.

    ``period`` is the half-open range the database keeps.
    """

    starts_on = PracticeDayField(label=_("From"))
    last_day = PracticeDayField(label=_("Last day"))

    def clean(self) -> dict:
        super().clean()
        start, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", _("The last day lies before the first."))
        return self.cleaned_data

    @property
    def period(self) -> DateRange:
        last = self.cleaned_data["last_day"]
        return DateRange(self.cleaned_data["starts_on"], last + timedelta(days=1) if last else None)


def clean_phone(text: str, least: int = LEAST_DIGITS) -> str:
    """Return a telephone number with half-width characters and single spaces.

    ``least`` is the smallest number of digits. Raises ValidationError for anything that nobody could dial.
    """
    number = " ".join(unicodedata.normalize("NFKC", text).split())
    if not PHONE.fullmatch(number):
        raise ValidationError(
            _(
                "%(number)s is not a telephone number: please use digits, + - ( ) and spaces, "
                "and # or 轉 before an extension."
            ),
            code="phone",
            params={"number": number},
        )
    if sum(c.isdigit() for c in number) < least:
        raise ValidationError(
            _("%(number)s is too short for a telephone number."),
            code="short",
            params={"number": number},
        )
    return number


class PhoneField(forms.CharField):
    """One telephone number of at least ``least`` digits, with an extension if need be."""

    def __init__(self, *, least: int = LEAST_DIGITS, **kwargs: Any):
        self.least = least
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
        base = {"label": _("Telephone"), "max_length": 40, "widget": widget}
        super().__init__(**base | kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return clean_phone(text, self.least) if text and len(text) <= self.max_length else text
