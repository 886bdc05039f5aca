"""Sealing by the key file, as PAdES says, with pyHanko."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

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

from clinic.kernel.documents.certificate import SealEnded, describe, read_material
from clinic.kernel.documents.seal import Sealed, TimestampUnavailable

TSA_SECONDS = 10
# What pyHanko and asn1crypto raise over an answer that is no timestamp, or refuses one.
NONSENSE = (ValueError, TypeError, KeyError, AttributeError, AssertionError)


@contextmanager
def _asked_of_the_service() -> Iterator[None]:
    """Whatever comes back instead of a timestamp is as good as no answer: it may come yet."""
    try:
        yield
    except NONSENSE as error:
        raise TimestampUnavailable(f"no timestamp: {type(error).__name__}") from error


class TimeService(HTTPTimeStamper):
    """The timestamp service. Its two ways of being asked; the first one keeps certificates too."""

    async def async_dummy_response(self, *args: Any, **kwargs: Any) -> Any:
        with _asked_of_the_service():
            return await super().async_dummy_response(*args, **kwargs)

    async def async_timestamp(self, *args: Any, **kwargs: Any) -> Any:
        with _asked_of_the_service():
            return await super().async_timestamp(*args, **kwargs)


class KeyFileSealer:
    """Seals with the key file; with a timestamp service at level B-LTA, else B-B."""

    def __init__(self, timestamp_url: str = ""):
        self.material = read_material()
        self._url = timestamp_url
        self._roots = [self.material.certificate, *self.material.others]

    def ask_lasting(self, now: datetime) -> None:
        """Refuse from the moment on at which the certificate ends."""
        if describe(self.material.certificate).expires <= now:
            raise SealEnded

    def seal(self, pdf: bytes, now: datetime) -> Sealed:
        """Seal ``pdf``; at B-LTA it counts only after its own check without a network."""
        self.ask_lasting(now)
        certificate = describe(self.material.certificate)
        try:
            content = self._sign(pdf)
        except (TimestampRequestError, PathError, ValidationError, TimeoutError) as error:
            if not self._url:
                raise
            raise TimestampUnavailable(type(error).__name__) from error
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
            timestamper=TimeService(self._url, timeout=TSA_SECONDS) if self._url else None,
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
