"""How long the forms say that counselling records are kept: ten years at least (心理師法 §25).

The period is printed beside the law's own, so a shorter one, or words, would contradict the form.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused

YEARS = "retention_years"
LEAST = 10
TOO_SHORT = _("Please give a whole number of years, 10 or more: the law asks for ten at least.")


def long_enough(words: str) -> bool:
    """Whether ``words`` are a whole number of years that the law allows."""
    return words.isdecimal() and int(words) >= LEAST


def lawful_years(words: str) -> None:
    """Validator of what is entered."""
    if not long_enough(words):
        raise ValidationError(TOO_SHORT, code="retention")


def ask_lawful_years(entered: Iterable[str], field: str | None = None) -> None:
    """Refuse a period that is shorter, or none, in one of the languages."""
    if not all(map(long_enough, entered)):
        raise Refused(
            "consent.retention",
            TOO_SHORT,
            _("Please enter it under particulars of the forms."),
            field=field,
        )
