"""From a telephone number as people wrote it to what a telephone dials."""

import re

TRUNK = re.compile(r"(?<=\d)\s*\(0\)")  # +886 (0)2: dialled at home only, never after the country
EXTENSION = re.compile(r"\s*(?:#|轉|分機|ext\.?|x)\s*", re.IGNORECASE)


def href(number: str) -> str:
    """Return the address of a link that calls; "" where there is nothing to dial.

    A comma makes the pause before an extension: ``tel:0200000101,12``.
    """
    main, *rest = EXTENSION.split(number.strip(), maxsplit=1)
    if main.startswith("+"):
        main = TRUNK.sub("", main)
    digits = _digits(main)
    if not digits:
        return ""
    plus = "+" if main.startswith("+") else ""
    pause = f",{_digits(rest[0])}" if rest and _digits(rest[0]) else ""
    return f"tel:{plus}{digits}{pause}"


def _digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")
