"""How ``settings.py`` reads one variable: strictly, with its name and what to set in every refusal.

All functions raise ImproperlyConfigured. A typo must not turn a protection off in silence.
"""

import base64
import binascii
import os
import re
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.checks.security.base import (
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)
from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port

env = environ.Env()
HTTP = "http|https://host"
REDIS = "redis|rediss://host:port/0"
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


def secret(name: str) -> str:
    """Read what signs: as long and as mixed as Django's own check for production asks."""
    what = f"{SECRET_KEY_MIN_LENGTH} or more random characters"
    value = required(name, what)
    if len(value) < SECRET_KEY_MIN_LENGTH or len(set(value)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS:
        raise ImproperlyConfigured(f"{name} can be guessed. Set it to {what}.")
    return value


def hosts(name: str, default: str) -> list[str]:
    """Read host names with commas between them, as Django compares them; without any, ``default``.

    ``*`` is every host, ``.b.tw`` also those below it.
    """
    found = [part.strip() for part in optional(name).split(",") if part.strip()] or [default]
    for host in found:
        # With a scheme, a port or a semicolon it would fit no request, and every page be refused.
        if host != "*" and split_domain_port(host.lower()) != (host.lower(), ""):
            raise ImproperlyConfigured(
                f'{name} has "{host}", which is no host name. Set it to names such as a.b.tw,c.tw.'
            )
    return found


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
    if not whole:
        raise no_address(name, like)
    return parts


def no_address(name: str, like: str) -> ImproperlyConfigured:
    """Say what the address must read; the text itself may hold a password."""
    return ImproperlyConfigured(f"{name} is not a whole address. It must read {like}.")


def site(name: str, what: str) -> SplitResult:
    """Read the address of a whole site: what is put behind it is a page of ours."""
    text = required(name, what).rstrip("/")
    parts = address(name, text, like=HTTP)
    bare = text.lower() == f"{parts.scheme}://{parts.netloc}".lower()
    if not bare or not split_domain_port(parts.netloc.lower())[0]:
        raise no_address(name, f"{HTTP}, with nothing behind it")
    return parts


def broker(name: str) -> str:
    """Read the address of Redis; its database is a whole number, or is left out."""
    text = required(name, "redis://host:port/0")
    if not re.fullmatch(r"(/\d*)?", address(name, text, like=REDIS).path, re.ASCII):
        raise no_address(name, REDIS)
    return text


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
        raise no_address(name, what)
    # A socket's folder is handed over as ?host=…; Django's own tools look for it in HOST.
    found["HOST"] = found.get("OPTIONS", {}).pop("host", found["HOST"])
    return found


def mail_server(name: str) -> dict:
    """Read the address of the mail server, with Django's names for its parts."""
    address(name, required(name, SMTP), like=SMTP)
    return env.email_url(name)
