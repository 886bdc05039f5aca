"""The clinic's seal: PAdES, with the key that SEAL_KEY_FILE names.

The seal proves that a document is whole, and since when; not who signed in it. Level B-B carries
the clinic's own clock; B-LTA carries the time of a timestamp service (TSA_URL) and everything
needed to check it later. A service that does not answer is never replaced by a local time.
"""

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleCertificateStore, SimpleTrustManager

TSA_SECONDS = 10


class SealMaterial(Exception):
    """The seal's key or certificate cannot be used. ``code``: key, certificate, pair."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class TimestampUnavailable(Exception):
    """The timestamp service did not answer as it should; the document has to wait."""


@dataclass(frozen=True)
class Certificate:
    """What identifies the certificate of a seal; ``fingerprint`` is SHA-256 in hexadecimal."""

    subject: str
    serial: str
    fingerprint: str
    expires: datetime


@dataclass(frozen=True)
class Sealed:
    """A sealed document: its bytes, level ``B-B`` or ``B-LTA``, certificate, time."""

    content: bytes
    level: str
    certificate: Certificate
    at: datetime


class Sealer(Protocol):
    """Whatever can seal: a key file, a hardware module, a remote service."""

    def seal(self, pdf: bytes, now: datetime) -> Sealed:
        """Return ``pdf`` sealed. Raises SealMaterial or TimestampUnavailable."""


@dataclass(frozen=True)
class Material:
    """Key and certificates as read from the two files."""

    key: Any
    certificate: Any
    others: tuple[Any, ...]


def read_material() -> Material:
    """Read SEAL_KEY_FILE and SEAL_CERT_FILE and hold them against each other.

    The certificate file begins with the clinic's own certificate; further ones are those that it,
    or the timestamp service, descends from, and are trusted. Raises SealMaterial.
    """
    try:
        pem = settings.SEAL_KEY_FILE.read_bytes()
        half = load_pem_private_key(pem, password=None).public_key()
        key = load_private_key_from_pemder_data(pem, passphrase=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealMaterial("key", "The seal's key cannot be read.") from error
    try:
        pem = settings.SEAL_CERT_FILE.read_bytes()
        own, *others = load_certs_from_pemder_data(pem)
    except (OSError, ValueError, TypeError) as error:
        raise SealMaterial("certificate", "The seal's certificate cannot be read.") from error
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


class KeyFileSealer:
    """Seals with the key file; with a timestamp service at level B-LTA, else B-B."""

    def __init__(self, timestamp_url: str = ""):
        self.material = read_material()
        self._url = timestamp_url
        self._roots = [self.material.certificate, *self.material.others]

    def seal(self, pdf: bytes, now: datetime) -> Sealed:
        """Seal ``pdf``; at B-LTA it counts only after its own check without a network."""
        try:
            content = self._sign(pdf)
        except (TimestampRequestError, PathError, ValidationError, TimeoutError) as error:
            if not self._url:
                raise
            raise TimestampUnavailable(type(error).__name__) from error
        certificate = describe(self.material.certificate)
        if not self._url:
            return Sealed(content, "B-B", certificate, now)
        return Sealed(content, "B-LTA", certificate, self._proven_time(content))

    def _sign(self, pdf: bytes) -> bytes:
        store = SimpleCertificateStore()
        store.register_multiple(self.material.others)
        signer = signers.SimpleSigner(
            signing_cert=self.material.certificate,
            signing_key=self.material.key,
            cert_registry=store,
        )
        out = signers.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)),
            self._metadata(),
            signer=signer,
            timestamper=HTTPTimeStamper(self._url, timeout=TSA_SECONDS) if self._url else None,
        )
        return out.getvalue()

    def _metadata(self) -> signers.PdfSignatureMetadata:
        kind = {
            "field_name": "Seal",
            "md_algorithm": "sha256",
            "subfilter": SigSeedSubFilter.PADES,
            "certify": True,
            "docmdp_permissions": MDPPerm.NO_CHANGES,
            "signer_key_usage": {"non_repudiation", "digital_signature"},
        }
        if self._url:
            kind |= {
                "embed_validation_info": True,
                "use_pades_lta": True,
                "validation_context": ValidationContext(
                    trust_roots=self._roots, allow_fetching=True, revocation_mode="require"
                ),
            }
        return signers.PdfSignatureMetadata(**kind)

    def _proven_time(self, content: bytes) -> datetime:
        """Check the seal with nothing but what the document carries; return the service's time."""
        require = CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require"))
        trust = CertValidationPolicySpec(SimpleTrustManager.build(self._roots), require)
        offline = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
        policy = PdfSignatureValidationSpec(SignatureValidationSpec(trust, offline))
        found = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures[0]
        result = asyncio.run(ades_lta_validation(found, policy))
        if result.ades_subindic != AdESPassed.OK:
            raise TimestampUnavailable("the timestamped seal did not pass its own check")
        return result.best_signature_time


def sealer() -> Sealer:
    """Return what seals in this clinic."""
    return KeyFileSealer(settings.TSA_URL)
