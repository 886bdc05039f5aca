"""Mail texts: kept as TOML beside the code, in both languages, each with a neutral twin.

Subject, preview and sender stand in ``safe`` alone, for everybody: an inbox is read over
shoulders. ``neutral`` also hides it in the body. A placeholder without a value stops the letter.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from clinic.kernel.outbox.registry import Letter, Recipient

FRAMES = {"client": "normal", "staff": "staff"}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class MissingValue(ValueError):
    """A letter's placeholder has no value; nothing may be sent with a gap."""


def files() -> list[Path]:
    """Return the files of all mail texts: ``content/mail`` of each app."""
    folders = [Path(config.path) / "content" / "mail" for config in apps.get_app_configs()]
    return sorted(path for folder in folders for path in folder.glob("*.toml"))


@cache
def _texts(kind: str) -> dict:
    path = next(path for path in files() if path.stem == kind)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def fill(text: str, values: dict[str, str]) -> str:
    """Put ``values`` into ``text``. Raises MissingValue for one that is unknown or empty."""

    def value(match: re.Match) -> str:
        if not (found := values.get(match[1])):
            raise MissingValue(match[1])
        return str(found)

    return PLACEHOLDER.sub(value, text)


def no_braces(text: str) -> None:
    """Validator of what forms are filled with: a placeholder in it would be looked for later."""
    if "{" in text or "}" in text:
        words = _("Please use ( and ) instead of { and }, which mark words filled in later.")
        raise ValidationError(words, code="braces")


def compose(kind: str, who: Recipient, values: dict[str, str]) -> Letter:
    """Return the letter ``kind`` for ``who``. ``values`` holds plain text; HTML is escaped."""
    language = "en" if who.language == "en" else "zh"
    texts, layout = _texts(kind), _texts("layout")
    neutral = texts["safe"][language]
    body = neutral if who.neutral else texts["normal"][language]
    frame = layout["safe" if who.neutral else FRAMES[texts["audience"]]][language]
    part = {
        "body": fill(body["body"].strip(), values),
        "button": fill(body["button"], values),
        "link": fill("{link}", values),
        "link_as_text": fill(frame["link_as_text"], values),
        "not_you": fill(frame["not_you"], values),
        "signature": fill(frame["signature"], values),
        "preview": fill(neutral["preview"], values),
        "urgent": frame.get("no_reply_urgent", ""),
        "hotlines": frame.get("hotlines", []),
        "language": "zh-Hant-TW" if language == "zh" else "en",
    }
    part["paragraphs"] = part["body"].split("\n\n")
    return Letter(
        subject=fill(neutral["subject"], values),
        text=render_to_string("mail/letter.txt", part),
        html=render_to_string("mail/letter.html", part),
        sender=fill(layout["safe"][language]["sender"], values),
    )
