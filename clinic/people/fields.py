"""Form fields about people: birth date, national ID number, telephone, email."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.dates import check_birth_date
from clinic.kernel.fields import DayField, clean_phone
from clinic.people import national_id


class BirthDateField(DayField):
    """A birth date in CE or ROC years; shown again as typed after an error, in CE when changed."""

    def __init__(self, **kwargs: Any):
        words = _("In CE years, 1990-05-01, or in ROC years, 79-05-01 or 民國79年5月1日.")
        super().__init__(**{"label": _("Birth date"), "help_text": words} | kwargs)

    def to_python(self, value: Any) -> date | None:
        born = super().to_python(value)
        if born is not None:
            check_birth_date(born, timezone.localdate())
        return born


class NationalIdField(forms.CharField):
    """A national ID, resident or passport number.

    Only what cannot be a number is an error. A doubtful one is accepted: ``doubt_of(value)`` says
    why in words, for the form's ``warnings``.
    """

    def __init__(self, **kwargs: Any):
        words = _("Or the number of the residence permit or passport. May be added later.")
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        base = {"label": _("National ID number"), "help_text": words, "widget": widget}
        super().__init__(**base | {"max_length": 40} | kwargs)

    def to_python(self, value: Any) -> str:
        number = national_id.normalised(super().to_python(value))
        if number and not national_id.possible(number):
            raise ValidationError(
                _("This cannot be an ID number: it has 5 to 20 letters A-Z and digits."),
                code="impossible",
            )
        return number

    @staticmethod
    def doubt_of(value: str) -> str:
        """Return what speaks against a cleaned number, or ""."""
        return national_id.doubt(value)


class PhonesField(forms.CharField):
    """One or more telephone numbers, one a line; cleans to lines without doubles."""

    def __init__(self, **kwargs: Any):
        words = _("One number a line, the one to try first on top.")
        widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
        base = {"label": _("Telephone numbers"), "help_text": words, "max_length": 300}
        super().__init__(**base | {"widget": widget} | kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if len(text) > self.max_length:
            return text
        numbers, errors = [], []
        for line in filter(str.strip, text.splitlines()):
            try:
                numbers.append(clean_phone(line))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return "\n".join(dict.fromkeys(numbers))


class ContactEmailField(forms.EmailField):
    """An email address. A line break, which could add recipients to a mail, is named as such."""

    default_error_messages = {
        "invalid": _("This is not an email address. Please check it, such as name@example.com."),
        "line_break": _("An email address is one line; there is a line break in it."),
    }

    def __init__(self, **kwargs: Any):
        super().__init__(**{"label": _("Email"), "max_length": 254} | kwargs)
        self.widget.attrs["autocomplete"] = "off"

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if any(c in text for c in "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
            raise ValidationError(self.error_messages["line_break"], code="line_break")
        return text
