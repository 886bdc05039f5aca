"""Checking national ID and resident numbers. A doubt is a warning: people mistype, and passports exist.

Rules: letter and nine digits, the letter counts as two digits (``clinic/data/national_id_letters.csv``),
weights 1 9 8 7 6 5 4 3 2 1 1, the sum divisible by ten. Second character: 1 or 2 nationals,
8 or 9 residents (統一證號, since 2021-01-02), a letter A to D residents before that.
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

LETTERS = Path(__file__).resolve().parent.parent / "data" / "national_id_letters.csv"
WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
POSSIBLE = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,20}")
SHAPE = re.compile(r"[A-Z][0-9A-D][0-9]{8}")
ISSUED = frozenset("1289ABCD")


def normalised(text: str) -> str:
    """Return the number in capitals, with half-width characters, without spaces and hyphens."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if not c.isspace() and c not in "-‐‑–—.")


def possible(number: str) -> bool:
    """Whether a normalised text can be a number of an ID document at all, passports included."""
    return bool(POSSIBLE.fullmatch(number))


def doubt(number: str) -> str:
    """Return in words what speaks against a normalised number, or "" if nothing does."""
    if not number:
        return ""
    if not SHAPE.fullmatch(number):
        return _(
            "This is not the form of a national ID or resident number (a letter and nine digits). "
            "If it is a passport number, leave it as it is."
        )
    if number[1] not in ISSUED:
        return _(
            "No national ID or resident number has %(character)s in second place. "
            "Please compare it with the document."
        ) % {"character": number[1]}
    if not adds_up(number):
        return _("The check digit does not fit. Please compare it with the document.")
    return ""


def adds_up(number: str) -> bool:
    """Whether the check digit of a number of the right form fits."""
    values = _letters()
    second = values[number[1]] % 10 if number[1].isalpha() else int(number[1])
    digits = [*divmod(values[number[0]], 10), second, *map(int, number[2:])]
    return sum(w * d for w, d in zip(WEIGHTS, digits, strict=True)) % 10 == 0


@cache
def _letters() -> dict[str, int]:
    with LETTERS.open(encoding="utf-8", newline="") as file:
        return {row["letter"]: int(row["number"]) for row in csv.DictReader(file)}
