"""Encrypted files on disk: written whole or not at all, readable by the clinic's processes only."""

import os
import tempfile
from pathlib import Path

from django.conf import settings

from clinic.kernel.encryption import CannotDecrypt, decrypt_bytes, encrypt_bytes


def blob_name(sha256: str) -> str:
    """Return where the content with this hash lies, relative to MEDIA_ROOT."""
    return f"files/{sha256[:2]}/{sha256}"


def write(name: str, content: bytes, sha256: str) -> None:
    """Encrypt ``content``, bound to its hash, and put it in its place in one step."""
    target = settings.MEDIA_ROOT / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, half = tempfile.mkstemp(dir=target.parent, prefix=".half-")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(encrypt_bytes(content, sha256.encode()))
            file.flush()
            os.fsync(file.fileno())
        Path(half).replace(target)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    _sync(target.parent)


def read(name: str, sha256: str) -> bytes:
    """Return the plain content. Raises OSError where it is gone, CannotDecrypt where changed."""
    return decrypt_bytes((settings.MEDIA_ROOT / name).read_bytes(), sha256.encode())


def opens(name: str, sha256: str) -> bool:
    """Whether the content is there and whole."""
    try:
        read(name, sha256)
    except (OSError, CannotDecrypt):
        return False
    return True


def key_id(name: str) -> str:
    """Return the id of the key that a blob was encrypted with."""
    with open(settings.MEDIA_ROOT / name, "rb") as file:
        return file.read(64).partition(b":")[0].decode("ascii", errors="replace")


def _sync(folder: Path) -> None:
    """Make the new name last through a power cut, as the content already does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
