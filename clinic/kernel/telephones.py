"""From a telephone number as people wrote it to what a telephone dials."""

import re

TRUNK = re.compile(r"(?<=\d)\s*\(0\)")  # +886 (0)2: dialled at home only, never after the country
EXTENSION = re.compile(r"\s*(?:#|轉|分機|ext\.?|x)\s*", re.IGNORECASE)


# A number as it is dialled within Taiwan; one that is free (0800, 0809) is reached from nowhere else.
HOME = re.compile(r"\(?0(?!80[09])([1-9]\d*)\)?([\d\s().-]*)")
NATIONAL = (9, 10)  # digits, the leading 0 among them


def international(number: str) -> str:
    """Return a number of Taiwan as it is dialled from anywhere: ``+886-2-2345-6789#12``.

    Whatever is not surely one stays as it was written.
    """
    main, *rest = EXTENSION.split(number.strip(), maxsplit=1)
    home = HOME.fullmatch(main)
    if home is None or len(_digits(main)) not in NATIONAL:
        return number
    parts = ["+886", home[1], *re.split(r"\D+", home[2])]
    extension = f"#{_digits(rest[0])}" if rest and _digits(rest[0]) else ""
    return "-".join(part for part in parts if part) + extension


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
