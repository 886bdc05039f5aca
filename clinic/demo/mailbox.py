"""The demo's mails, as its mail server kept them."""

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings

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
    """Return the newest mails first."""
    folder = Path(settings.DEMO_MAIL_DIR)
    names = sorted((p.stem for p in folder.glob("*.eml") if NAME.fullmatch(p.stem)), reverse=True)
    return [_read(name) for name in names[:most]]


def find(mail_id: str) -> Mail | None:
    """Return one mail; None for an unknown or malformed id."""
    if not NAME.fullmatch(mail_id) or not _path(mail_id).is_file():
        return None
    return _read(mail_id)


def _path(mail_id: str) -> Path:
    return Path(settings.DEMO_MAIL_DIR) / f"{mail_id}.eml"


def _read(mail_id: str) -> Mail:
    message: EmailMessage = email.message_from_bytes(_path(mail_id).read_bytes(), policy=default)
    part = message.get_body(("plain",))
    nanoseconds = int(mail_id.partition("-")[0])
    return Mail(
        id=mail_id,
        arrived=datetime.fromtimestamp(nanoseconds / 1e9, UTC),
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        text=part.get_content() if part else "",
    )
