"""The clinic's seal: PAdES, with the key that SEAL_KEY_FILE names.

The seal proves that a document is whole, and since when; not who signed in it. Level B-B carries
the clinic's own clock; B-LTA carries the time of a timestamp service (TSA_URL) and everything
needed to check it later. A service that does not answer is never replaced by a local time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings

from clinic.kernel.documents.certificate import Certificate


class TimestampUnavailable(Exception):
    """The timestamp service did not answer as it should; the document has to wait."""


@dataclass(frozen=True)
class Sealed:
    """A sealed document: its bytes, level ``B-B`` or ``B-LTA``, certificate, time."""

    content: bytes
    level: str
    certificate: Certificate
    at: datetime


class Sealer(Protocol):
    """Whatever can seal: a key file, a hardware module, a remote service."""

    def ask_lasting(self, now: datetime) -> None:
        """Raise SealEnded where nothing can be sealed at ``now``: before anything is rendered."""

    def seal(self, pdf: bytes, now: datetime) -> Sealed:
        """Return ``pdf`` sealed. Raises SealMaterial or TimestampUnavailable."""


def sealer() -> Sealer:
    """Return what seals in this clinic."""
    # Loading all of pyHanko is a third of a process's start, and none but the worker seals.
    from clinic.kernel.documents.pades import KeyFileSealer  # noqa: PLC0415  a third of a start

    return KeyFileSealer(settings.TSA_URL)
