"""The settings of an embedded clinic: keys made once at random, kept in ``demo.env`` (0600)."""

import base64
import json
import os
import re
import secrets
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.places import Places

ORGANISATION = "廿四節氣心理諮商所（虛構）"  # the clinic of the demo; it does not exist
YEARS = 10


def passwords(places: Places, names: list[str]) -> dict[str, str]:
    """Return a password for each name, made at the first call and kept."""
    kept = {}
    if places.passwords.exists():
        kept = json.loads(places.passwords.read_text())
    for name in names:
        kept.setdefault(name, secrets.token_urlsafe(24))
    write_private(places.passwords, json.dumps(kept, indent=1) + "\n")
    return kept


def keys(places: Places) -> dict[str, str]:
    """Return the settings that are made once: every key, and the seal's two files."""
    key_file, cert_file = places.keys / "seal-key.pem", places.keys / "seal-cert.pem"
    if not (key_file.exists() and cert_file.exists()):
        make_seal(key_file, cert_file)
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": f"k1:{_key()}",
        "BLIND_INDEX_KEY": _key(),
        "LINK_KEY": _key(),
        "AUDIT_KEY": _key(),
        "SEAL_KEY_FILE": str(key_file),
        "SEAL_CERT_FILE": str(cert_file),
    }


def folders(places: Places) -> dict[str, str]:
    """Return the settings that name folders."""
    return {
        "MEDIA_ROOT": str(places.media),
        "STATIC_ROOT": str(places.static),
        "DEMO_MAIL_DIR": str(places.mail),
    }


def read(path: Path) -> dict[str, str]:
    """Read a file of ``NAME=value`` lines, quoted as a shell would.

    :raises EmbeddedError: naming the line that is not of that form.
    """
    found = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.fullmatch(r"([A-Z][A-Z0-9_]*)=(.*)", line.strip())
        words = _words(match.group(2)) if match else None
        if not match or words is None:
            raise EmbeddedError(
                f"Line {number} of {path} is not NAME=value.",
                f"Mend the line, or begin anew with {Places(path.parent).begin_anew}",
            )
        found[match.group(1)] = words
    return found


def write(path: Path, values: dict[str, str]) -> None:
    """Write such a file, whole, for our eyes only."""
    lines = ["# Settings of this demo. Keys are kept, addresses are written anew at each start."]
    lines += [f"{name}={shlex.quote(value)}" for name, value in values.items()]
    write_private(path, "\n".join(lines) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, never half of it, and never wider for a moment."""
    half = path.with_name(path.name + ".half")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    half.replace(path)


def make_seal(key_file: Path, cert_file: Path) -> None:
    """Make a sealing key (EC P-256) and a certificate for it, signed by itself, for trying out."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, ORGANISATION),
        ]
    )
    now = datetime.now(UTC)
    usage = {"digital_signature": True, "content_commitment": True}
    unused = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign")
    unused += ("crl_sign", "encipher_only", "decipher_only")
    usage |= dict.fromkeys(unused, False)
    public = key.public_key()
    subject_key = x509.SubjectKeyIdentifier.from_public_key(public)
    certificate = (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(subject_key, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(key_file, key.private_bytes(pem, *plain).decode())
    write_private(cert_file, certificate.public_bytes(pem).decode())


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _words(text: str) -> str | None:
    """Undo shell quoting; None when it is not one word."""
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    return "".join(words) if len(words) < 2 else None
