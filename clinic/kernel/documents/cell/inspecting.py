"""What a PDF of unknown origin says of itself, found out inside a cell. Trusts nobody."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from frames import Request
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


@contextmanager
def prepare(options: dict[str, str]) -> Iterator[Callable]:
    """Nothing to prepare but the imports."""
    yield inspect


def inspect(request: Request) -> tuple[dict, bytes]:
    """Return pages, encryption, and each seal with its certificate and what became of it."""
    reader = PdfFileReader(io.BytesIO(request[1]), strict=False)
    if reader.encrypted:
        return {"encrypted": True, "pages": 0, "seals": []}, b""
    pages = int(reader.root["/Pages"]["/Count"])
    stamps = len(reader.embedded_timestamp_signatures)
    seals = [_seal(found, stamps) for found in reader.embedded_regular_signatures]
    return {"encrypted": False, "pages": pages, "seals": seals}, b""


def _seal(found, stamps: int) -> dict:
    """Check one seal against its own certificate; whose that is, the owner judges."""
    certificate = found.signer_cert
    itself = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    try:
        # What a later save changed is not asked: whole is only the very file that we sealed, and to
        # compare the revisions of ten tagged pages takes longer than anybody may wait.
        status = validate_pdf_signature(found, itself, skip_diff=True)
        intact = status.intact and status.valid
        stamp = status.timestamp_validity
    except Exception:  # noqa: BLE001  a seal that cannot be checked is not intact
        intact, stamp = False, None
    stamped = stamp.timestamp if stamp and stamp.intact and stamp.valid else None
    claimed = found.self_reported_timestamp
    return {
        "fingerprint": certificate.sha256.hex(),
        "subject": certificate.subject.human_friendly,
        "serial": f"{certificate.serial_number:X}",
        "intact": bool(intact),
        "claimed_at": claimed.isoformat() if claimed else "",
        "stamped_at": stamped.isoformat() if stamped else "",
        "level": ("B-LTA" if stamps else "B-T") if stamped else "B-B",
    }
