"""Which characters the documents' font can print. Asked when a name is typed, not when it is signed."""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core import checks
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from fontTools.ttLib import TTCollection, TTFont, TTLibError

FAMILY = "Noto Sans CJK TC"


@cache
def covered() -> frozenset[int]:
    """Return the code points of the font's cmap. Raises OSError when there is no such font."""
    with Path(settings.PDF_FONT).open("rb") as file:
        try:
            return _cmap(file)
        except (TTLibError, struct.error, TypeError, KeyError, ValueError) as error:
            raise OSError(f"{settings.PDF_FONT} is no whole font: {error}") from error


def _cmap(file: BinaryIO) -> frozenset[int]:
    if not settings.PDF_FONT.endswith(".ttc"):
        with TTFont(file, lazy=True) as font:
            return frozenset(font.getBestCmap())
    with TTCollection(file, lazy=True) as collection:
        for font in collection.fonts:
            if font["name"].getDebugName(1) == FAMILY:
                return frozenset(font.getBestCmap())
    raise OSError(f"{settings.PDF_FONT} holds no {FAMILY}.")


def missing(text: str) -> list[str]:
    """Return the characters of ``text`` that cannot be printed, each once, in order."""
    seen = dict.fromkeys(c for c in text if not c.isspace())
    return [c for c in seen if ord(c) not in covered()]


def printable_lines(text: str) -> None:
    """Validator of a text that may have several lines, otherwise as ``printable``."""
    printable("".join(c for c in text if c not in "\n\r\t"))


def printable(text: str) -> None:
    """Validator of one line: every character can be printed, none is invisible or a line break.

    A name with a line break in it would otherwise reach the header of a mail. A user-made character
    (造字) is seen on the computer it was made on, so it is called by what it is.
    """
    kinds = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
    if hidden := [c for c in text if unicodedata.category(c) in kinds]:
        raise ValidationError(
            _("There is an invisible character in it (%(codes)s). Please type it again.")
            % {"codes": _codes(hidden)},
            code="invisible",
        )
    if made_up := [c for c in text if unicodedata.category(c) == "Co"]:
        raise ValidationError(
            _(
                "Documents cannot print the user-made character in it (%(codes)s), which other "
                "computers do not know. Please use another way of writing it."
            )
            % {"codes": _codes(made_up)},
            code="private",
        )
    if lost := missing(text):
        raise ValidationError(
            _("Documents cannot print %(characters)s. Please use another way of writing it.")
            % {"characters": " ".join(lost)},
            code="glyph",
        )


def _codes(characters: list[str]) -> str:
    return " ".join(f"U+{ord(c):04X}" for c in dict.fromkeys(characters))


@checks.register()
def the_font_is_there(app_configs, **kwargs) -> list[checks.Error]:
    """Stop the start when the documents' font is missing."""
    try:
        covered()
    except OSError as error:
        hint = "Install the package fonts-noto-cjk, or set PDF_FONT to NotoSansCJK-Regular.ttc."
        return [
            checks.Error(f"The documents' font cannot be read: {error}", hint, id="clinic.E002")
        ]
    return []
