"""Mail texts: kept as TOML beside the code, in both languages, each with a neutral twin.

Subject, preview and sender are always the neutral ones, for everybody: an inbox is read over
shoulders. ``neutral`` also hides it in the body. A placeholder without a value stops the letter.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string

from clinic.kernel.outbox.registry import Letter, Recipient

FOLDER = Path(__file__).resolve().parent.parent / "content" / "mail"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class MissingValue(ValueError):
    """A letter's placeholder has no value; nothing may be sent with a gap."""


@cache
def _texts(kind: str) -> dict:
    return tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))


def fill(text: str, values: dict[str, str]) -> str:
    """Put ``values`` into ``text``. Raises MissingValue for one that is unknown or empty."""

    def value(match: re.Match) -> str:
        if not (found := values.get(match[1])):
            raise MissingValue(match[1])
        return str(found)

    return PLACEHOLDER.sub(value, text)


def compose(kind: str, who: Recipient, values: dict[str, str]) -> Letter:
    """Return the letter ``kind`` for ``who``. ``values`` holds plain text; HTML is escaped."""
    language = "en" if who.language == "en" else "zh"
    texts, layout = _texts(kind), _texts("layout")
    neutral = texts["safe"][language]
    body = neutral if who.neutral else texts["normal"][language]
    frame = layout["safe" if who.neutral else texts["audience"]][language]
    part = {
        "body": fill(body["body"].strip(), values),
        "button": fill(body["button"], values),
        "link": fill("{link}", values),
        "link_as_text": fill(frame["link_as_text"], values),
        "not_you": fill(frame["not_you"], values),
        "signature": fill(frame["signature"], values),
        "preview": fill(neutral["preview"], values),
        "language": "zh-Hant-TW" if language == "zh" else "en",
    }
    part["paragraphs"] = part["body"].split("\n\n")
    return Letter(
        subject=fill(neutral["subject"], values),
        text=render_to_string("mail/letter.txt", part),
        html=render_to_string("mail/letter.html", part),
        sender=fill(layout["safe"][language]["sender"], values),
    )
