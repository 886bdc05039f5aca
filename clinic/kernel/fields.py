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
MOST_DIGITS, LONGEST_EXTENSION = 15, 6  # E.164 with the country's code; an extension has no rule
PHONE = re.compile(r"([0-9+\-\s().]+)(?:(?:#|轉|分機|ext\.?|x)\s*([0-9]+))?", re.IGNORECASE)
SOUND = re.compile(r"\+?(?:[0-9\-\s.]|\([0-9\-\s.]+\))+")  # of its part before the extension
DIALS_OUT = re.compile(r"^0[01]\d")  # 002, 009, 012 …: from Taiwan, before the country's code
NOT_A_NUMBER = _(
    "%(number)s is not a telephone number: please use digits, + - ( ) and spaces, "
    "and # or 轉 before an extension."
)
MISSHAPEN = _(
    "%(number)s cannot be dialled: + stands only once and first, and every bracket is closed."
)
TOO_LONG = _(
    "%(number)s is too long for a telephone number, which has at most %(digits)s digits, and "
    "%(extension)s in an extension. Please write one number only."
)


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
    parts = PHONE.fullmatch(number)
    if not parts:
        raise _no_phone("phone", NOT_A_NUMBER, number)
    main, extension = parts[1], parts[2] or ""
    if not SOUND.fullmatch(main.strip()):
        raise _no_phone("shape", MISSHAPEN, number)
    if sum(c.isdigit() for c in number) < least:
        raise _no_phone("short", _("%(number)s is too short for a telephone number."), number)
    digits = DIALS_OUT.sub("", re.sub(r"\D", "", main))
    if len(digits) > MOST_DIGITS or len(extension) > LONGEST_EXTENSION:
        raise _no_phone("long", TOO_LONG, number)
    return number


def _no_phone(code: str, said: str, number: str) -> ValidationError:
    params = {"number": number, "digits": MOST_DIGITS, "extension": LONGEST_EXTENSION}
    return ValidationError(said, code=code, params=params)


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
