"""From a telephone number as people wrote it to what a telephone dials."""

import re

TRUNK = re.compile(r"(?<=\d)\s*\(0\)")  # +886 (0)2: dialled at home only, never after the country
EXTENSION = re.compile(r"\s*(?:#|轉|分機|ext\.?|x)\s*", re.IGNORECASE)


# A number as it is dialled within Taiwan.
HOME = re.compile(r"\(?0([1-9]\d*)\)?([\d\s().-]*)")
# Free ones and paid services are reached from nowhere else; no number of Taipei (02) goes on with 0.
HERE_ALONE = ("0800", "0809", "020")
NATIONAL = (9, 10)  # digits, the leading 0 among them


def international(number: str) -> str:
    """Return a number of Taiwan as it is dialled from anywhere: ``+886-2-2610-1660#12``.

    Whatever is not surely one stays as it was written.
    """
    main, *rest = EXTENSION.split(number.strip(), maxsplit=1)
    home = HOME.fullmatch(main)
    if home is None or len(_digits(main)) not in NATIONAL:
        return number
    extension = _extension(rest)
    if _digits(main).startswith(HERE_ALONE) or (rest and not extension):
        return number
    parts = ["+886", home[1], *re.split(r"\D+", home[2])]
    return "-".join(part for part in parts if part) + (f"#{extension}" if extension else "")


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
    extension = _extension(rest)
    return f"tel:{plus}{digits}" + (f",{extension}" if extension else "")


def _extension(rest: list[str]) -> str:
    """Return the one number behind the mark of an extension; "" for none, and where one may choose."""
    found = re.findall(r"[0-9]+", rest[0]) if rest else []
    return found[0] if len(found) == 1 else ""


def _digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")
