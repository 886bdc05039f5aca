"""Form fields that several folders use."""

from datetime import date, timedelta

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from clinic.kernel.dates import parse_date


class DayField(forms.Field):
    """A calendar day, in CE or ROC years. Cleans to ``datetime.date`` or None."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
    default_error_messages = {"required": _("Please give a date.")}

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("Such as 2027-03-31 or 民國116年3月31日."))
        super().__init__(**kwargs)

    def to_python(self, value) -> date | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, date) else parse_date(value)

    def prepare_value(self, value) -> str:
        return value.isoformat() if isinstance(value, date) else value


class PeriodMixin(forms.Form):
    """First and last day of something. ``period`` is the half-open range the database keeps."""

    starts_on = DayField(label=_("From"))
    last_day = DayField(label=_("Last day"))

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
