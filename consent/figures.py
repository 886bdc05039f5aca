"""Particulars that stand before their unit in the forms: figures alone, or the unit stands twice.

The words of the forms say NT$, 元, minutes and hours themselves.
"""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from consent.models import Particular
from consent.wording import particulars_asked

FIGURES = re.compile(r"\d[\d,]*(\s*[-–~～]\s*\d[\d,]*)?")  # 50, 2,000 or 1,600–2,400
BEFORE_A_UNIT = frozenset(key for key, asked in particulars_asked().items() if asked.get("figures"))
ONLY_FIGURES = _("Please give figures alone, such as 24 or 1,500: the form says the unit.")


def figures(words: str) -> None:
    """Validator of what is entered: a number, or from one to another."""
    if not FIGURES.fullmatch(words):
        raise ValidationError(ONLY_FIGURES, code="figures")


def ask_figures(entered: Iterable[tuple[str, str]]) -> None:
    """Refuse words in a particular that the forms follow with a unit.

    Args:
        entered: keys with what was entered; one that is no such particular is left alone.

    Raises:
        Refused: ``consent.figures``, naming the particular.
    """
    for key, words in entered:
        if key in BEFORE_A_UNIT and not FIGURES.fullmatch(words):
            raise Refused(
                "consent.figures",
                _("%(what)s: “%(words)s” is not in figures alone.")
                % {"what": Particular.labels()[key], "words": words},
                _("Please enter it under particulars of the forms."),
            )
