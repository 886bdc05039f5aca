"""The demo's mails, as its mail server kept them."""

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path

from django.conf import settings
from django.utils.html import strip_tags

NAME = re.compile(r"[0-9]{1,20}-[0-9a-f]{1,32}")


@dataclass(frozen=True)
class Mail:
    """One kept mail. ``id`` sorts by arrival."""

    id: str
    arrived: datetime
    sender: str
    recipient: str
    subject: str
    text: str


def mails(most: int = 200) -> list[Mail]:
    """Return the newest mails first, without those that cannot be read."""
    folder = Path(settings.DEMO_MAIL_DIR)
    names = sorted((p.stem for p in folder.glob("*.eml") if NAME.fullmatch(p.stem)), reverse=True)
    return [mail for name in names[:most] if (mail := _read(name))]


def find(mail_id: str) -> Mail | None:
    """Return one mail; None for an unknown or malformed id, or a mail that cannot be read."""
    return _read(mail_id) if NAME.fullmatch(mail_id) else None


def _path(mail_id: str) -> Path:
    return Path(settings.DEMO_MAIL_DIR) / f"{mail_id}.eml"


def _read(mail_id: str) -> Mail | None:
    try:
        content = _path(mail_id).read_bytes()
    except OSError:
        return None
    message: EmailMessage = email.message_from_bytes(content, policy=default)
    nanoseconds = int(mail_id.partition("-")[0])
    return Mail(
        id=mail_id,
        arrived=datetime.fromtimestamp(nanoseconds / 1e9, UTC),
        sender=_header(message, "From"),
        recipient=_header(message, "To"),
        subject=_header(message, "Subject"),
        text=_text(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (AttributeError, IndexError):  # how the library answers some addresses that are none
        raw = next(value for key, value in message.raw_items() if key.lower() == name.lower())
        return raw.encode(errors="replace").decode()


def _text(message: EmailMessage) -> str:
    """Return the plain part, or the words of the HTML part where there is no other."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = part.get_content()
    except (LookupError, ValueError):  # its charset is unknown, or no name of one
        text = part.get_payload(decode=True).decode(errors="replace")
    return unescape(strip_tags(text)) if part.get_content_subtype() == "html" else text
