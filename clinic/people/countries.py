"""The countries one may choose, by ISO 3166 code, from ``clinic/data/countries.csv``."""

import csv
from pathlib import Path

from django.utils.translation import get_language

TAIWAN = "TW"
FILE = Path(__file__).resolve().parent.parent / "data" / "countries.csv"


def _read() -> dict[str, tuple[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["name_zh"], row["name_en"]) for row in csv.DictReader(file)}


COUNTRIES = _read()


def country_name(code: str) -> str:
    """Return what the reader calls the country; the code itself where it is not in the list."""
    chinese, english = COUNTRIES.get(code, (code, code))
    return english if get_language() == "en" else chinese


def country_choices() -> list[tuple[str, str]]:
    """Every country in the reader's language: Taiwan, then by name."""
    others = sorted((country_name(code), code) for code in COUNTRIES if code != TAIWAN)
    return [(TAIWAN, country_name(TAIWAN)), *((code, name) for name, code in others)]


def codes_named(text: str) -> list[str]:
    """Return the codes of countries whose name in either language, or whose code, holds ``text``."""
    wanted = text.strip().casefold()
    return [
        code
        for code, names in COUNTRIES.items()
        if wanted == code.casefold() or any(wanted in name.casefold() for name in names)
    ]
