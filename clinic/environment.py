"""How ``settings.py`` reads one variable: strictly, with its name and what to set in every refusal.

All functions raise ImproperlyConfigured. A typo must not turn a protection off in silence.
"""

import base64
import binascii
import os
import re
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
SMTP = "smtp|smtps|smtp+tls|smtp+ssl://user:password@host:port"


def optional(name: str, default: str = "") -> str:
    """Return the variable as it stands, or ``default``; a ``$`` in it is nothing but a character."""
    return os.environ.get(name, default)


def required(name: str, what: str) -> str:
    """Return the variable ``name``; ``what`` tells the reader how to set it."""
    value = optional(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Set it to {what}.")
    return value


def switch(name: str, default: str) -> bool:
    """Read 1 or 0."""
    value = optional(name, default)
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f'{name} is "{value}". Set it to 1 or 0.')
    return value == "1"


def whole_number(name: str, default: int, *, least: int) -> int:
    """Read a whole number, ``least`` or more."""
    value = optional(name, str(default))
    if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or int(value) < least:
        raise ImproperlyConfigured(
            f'{name} is "{value}". Set it to a whole number, {least} or more.'
        )
    return int(value)


def names(name: str, default: str) -> list[str]:
    """Read names with commas between them; an empty list is the ``default`` alone."""
    return [part.strip() for part in optional(name).split(",") if part.strip()] or [default]


def mail_address(name: str, default: str) -> str:
    """Read one bare mail address."""
    value = optional(name) or default
    if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", value):
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to one address, such as a@b.tw.")
    return value


def address(name: str, text: str, *, like: str) -> SplitResult:
    """Take a whole address apart: with one of the schemes of ``like``, a host, a port that is one.

    :param like: what it looks like, its schemes with ``|`` between them: ``http|https://host``.
    """
    try:
        parts = urlsplit(text)
        whole = parts.scheme in like.partition(":")[0].split("|") and parts.hostname
        whole = whole and parts.port != 0
    except ValueError:
        whole = False
    if not whole:  # the text itself may hold a password
        raise ImproperlyConfigured(f"{name} is not a whole address. It must read {like}.")
    return parts


def key(name: str, text: str) -> bytes:
    """Decode a key of exactly 32 bytes written in base64."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != 32:
        hint = "openssl rand -base64 32"
        raise ImproperlyConfigured(f"{name} must hold 32 bytes in base64. Make one: {hint}")
    return raw


def keyring(name: str) -> dict[str, bytes]:
    """Read ``id:key,id:key``; the first key encrypts, all decrypt."""
    ring = {}
    for part in required(name, "k1:<32 bytes in base64>, newest first").split(","):
        key_id, colon, text = part.strip().partition(":")
        if not (colon and key_id.isalnum()):
            raise ImproperlyConfigured(f"{name} must read id:key,id:key with letters and digits.")
        if key_id in ring:  # the one would hide the other, and what it closed
            raise ImproperlyConfigured(
                f"{name} names {key_id} twice. Give every key an id of its own."
            )
        ring[key_id] = key(name, text)
    return ring


def database(name: str, what: str) -> dict:
    """Read a PostgreSQL address; nothing else is supported."""
    known = required(name, what).startswith(("postgres://", "postgresql://"))
    try:
        found = env.db_url(name) if known else {}
    except ValueError:  # a port that is none
        found = {}
    if not found.get("NAME"):
        raise ImproperlyConfigured(f"{name} is not a whole address. It must read {what}.")
    # A socket's folder is handed over as ?host=…; Django's own tools look for it in HOST.
    found["HOST"] = found.get("OPTIONS", {}).pop("host", found["HOST"])
    return found


def mail_server(name: str) -> dict:
    """Read the address of the mail server, with Django's names for its parts."""
    address(name, required(name, SMTP), like=SMTP)
    return env.email_url(name)
