"""The clinic's certificate, and the key of its seal: what SEAL_CERT_FILE and SEAL_KEY_FILE hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data


class SealMaterial(Exception):
    """The seal's key or certificate cannot be used. ``code``: key, certificate, pair, ended."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class SealEnded(SealMaterial):
    """The seal's certificate has ended: nobody would trust what it seals. Documents have to wait."""

    def __init__(self):
        super().__init__("ended", "The seal's certificate has ended.")


@dataclass(frozen=True)
class Certificate:
    """What identifies the certificate of a seal; ``fingerprint`` is SHA-256 in hexadecimal."""

    subject: str
    serial: str
    fingerprint: str
    expires: datetime


@dataclass(frozen=True)
class Material:
    """Key and certificates as read from the two files."""

    key: Any
    certificate: Any
    others: tuple[Any, ...]


def read_certificates() -> tuple[Any, ...]:
    """Read SEAL_CERT_FILE alone; no key is touched. Raises SealMaterial.

    It begins with the clinic's own certificate; further ones are those that it, or the timestamp
    service, descends from, and are trusted.
    """
    try:
        own, *others = load_certs_from_pemder_data(settings.SEAL_CERT_FILE.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise SealMaterial("certificate", "The seal's certificate cannot be read.") from error
    return own, *others


def read_material() -> Material:
    """Read SEAL_KEY_FILE and SEAL_CERT_FILE and hold them against each other. Raises SealMaterial."""
    try:
        pem = settings.SEAL_KEY_FILE.read_bytes()
        half = load_pem_private_key(pem, password=None).public_key()
        key = load_private_key_from_pemder_data(pem, passphrase=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealMaterial("key", "The seal's key cannot be read.") from error
    own, *others = read_certificates()
    if half.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != own.public_key.dump():
        raise SealMaterial("pair", "The seal's key and certificate do not belong together.")
    return Material(key, own, tuple(others))


def describe(certificate: Any) -> Certificate:
    """Return what the product shows of a certificate, as pyHanko read it."""
    return Certificate(
        certificate.subject.human_friendly,
        f"{certificate.serial_number:X}",
        certificate.sha256.hex(),
        certificate.not_valid_after,
    )
