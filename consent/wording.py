"""The words of the forms: content files, the clinic's particulars, and what stays open.

A version is published with everything of the clinic filled in; what belongs to the signer, the
psychologist and the day is filled in for each request. A gap stops both.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.letters import PLACEHOLDER, MissingValue, fill

FOLDER = Path(__file__).resolve().parent / "content"

LINE = "＿＿＿＿＿＿"  # filled in by hand
# Filled in for each request; everything else when the version is published.
OF_THE_REQUEST = frozenset(
    {
        "client_name",
        "practitioner_name",
        "supervisor_name",
        "notice_count",
        "explained_by",
        "explained_on",
        "emergency_contact_name",
    }
)


@cache
def content_file(name: str) -> dict[str, Any]:
    """Return a file of ``consent/content``, read once: nobody changes what it holds."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def canonical(value: Any) -> str:
    """Return the one JSON text of ``value``: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def language_of(key: str) -> str:
    """Return ``en`` or ``zh`` by how a key of a content file ends."""
    return "en" if key == "en" or key.endswith("_en") else "zh"


def fill_content(value: Any, values: Mapping[str, Mapping[str, str]], language: str = "zh") -> Any:
    """Fill the clinic's placeholders everywhere in ``value``; the request's own stay open.

    Raises Refused naming what is missing.
    """
    if isinstance(value, dict):
        return {k: fill_content(v, values, _sub(k, language)) for k, v in value.items()}
    if isinstance(value, list):
        return [fill_content(item, values, language) for item in value]
    if not isinstance(value, str):
        return value
    still_open = {name: f"{{{name}}}" for name in OF_THE_REQUEST}
    try:
        return fill(value, {**values[language], **still_open})
    except MissingValue as missing:
        raise Refused(
            "consent.particular_missing",
            _("The forms need “%(what)s”.") % {"what": missing},
            _("Please enter it under particulars of the forms."),
        ) from missing


def with_lines(text: str) -> str:
    """Return ``text`` with a line in the place of whatever is filled in for each request."""
    return PLACEHOLDER.sub(LINE, text)


def _sub(key: str, language: str) -> str:
    return language_of(key) if key.endswith(("zh", "en")) else language


def particulars_asked() -> dict[str, dict[str, str]]:
    """Return the particulars that the forms need, with labels and defaults."""
    return content_file("particulars")
