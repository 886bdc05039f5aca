"""The seal says what it promises, other programs accept it, and any change is found."""

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from django.utils import timezone, translation
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from clinic.accounts.models import User
from clinic.embedded.environment import make_seal
from clinic.kernel.actors import System
from clinic.kernel.documents.actions import request_document
from clinic.kernel.documents.certificate import SealMaterial, describe, read_material
from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document, Seal
from clinic.kernel.documents.pades import KeyFileSealer
from clinic.kernel.documents.registry import KINDS, Attachment, Draft, Kind
from clinic.kernel.documents.seal import TimestampUnavailable
from clinic.kernel.documents.verify import ALTERED, GENUINE, UNKNOWN, verify
from clinic.kernel.files.store import read_file
from tests.kernel.time_service import serving
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.stages import Stages

pytestmark = pytest.mark.usefixtures("now")
STAGES = Stages()
EVIDENCE = Attachment("evidence.json", "What was agreed", b'{"agreed": true}')
PROOF = Draft("證明", "<p>廖春分於今日同意。</p>", (EVIDENCE,))


@contextmanager
def requested(draft: Draft, subject: User, now) -> Iterator[Document]:
    """A document about ``subject`` that the clinic is asked for, while its kind is known."""
    kind = Kind("test_proof", "證明", lambda pk, version, at: draft, lambda user, document: True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, "test_proof", kind)
        yield request_document(kind="test_proof", subject=subject, by=System("shell"), now=now)


def made(subject: User, now) -> tuple[Document, bytes]:
    with requested(PROOF, subject, now) as document:
        make(document.pk, now)
    document.refresh_from_db()
    return document, read_file(document.file)


@STAGES.fixture
def sealed(admin, now) -> tuple[Document, bytes]:
    """A document as the clinic makes it, and its bytes."""
    return made(admin, now)


def test_the_document_as_it_was_sealed_is_genuine(sealed, now):
    document, content = sealed
    seal, verdict = Seal.objects.get(), verify(content)
    ours = describe(read_material().certificate)
    assert (verdict.outcome, verdict.reason, verdict.file_known) == (GENUINE, "", True)
    assert (verdict.code, verdict.level, verdict.at) == (document.code, "B-B", seal.at)
    assert verdict.certificate_fingerprint == ours.fingerprint == seal.certificate_fingerprint
    assert verdict.sha256 == seal.sha256 == document.sha256 == document.file.sha256


def blank_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def one_bit(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def text_after_the_end(content: bytes) -> bytes:
    return content + b"\n% and he agreed to everything else\n"


def overlay_in_an_incremental_save(content: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    drawing = generic.StreamObject(stream_data=b"1 0 0 rg 50 700 200 40 re f")
    writer.add_stream_to_page(0, writer.add_object(drawing))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def saved_by_another_program(content: bytes, change) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def page_added(content: bytes) -> bytes:
    return saved_by_another_program(content, lambda pdf: pdf.add_blank_page())


def evidence_swapped(content: bytes) -> bytes:
    def swap(pdf):
        other = pikepdf.AttachedFileSpec(pdf, b'{"agreed": false}', filename="evidence.json")
        del pdf.attachments["evidence.json"]
        pdf.attachments["evidence.json"] = other

    return saved_by_another_program(content, swap)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (one_bit, "content"),
        (text_after_the_end, "added"),
        (overlay_in_an_incremental_save, "added"),
        (page_added, "content"),
        (evidence_swapped, "content"),
    ],
)
def test_a_change_is_found_and_named(sealed, change, reason):
    changed = change(sealed[1])
    assert changed != sealed[1]
    verdict = verify(changed)
    assert (verdict.outcome, verdict.reason, verdict.file_known) == (ALTERED, reason, False)


def test_no_single_bit_anywhere_passes_as_genuine(sealed):
    outcomes = set()
    for place in range(0, len(sealed[1]), len(sealed[1]) // 12):
        content = bytearray(sealed[1])
        content[place] ^= 1
        outcomes.add(verify(bytes(content)).outcome)
    assert outcomes <= {ALTERED, UNKNOWN}


def test_a_seal_by_another_key_is_not_ours_even_under_our_name(sealed, settings, tmp_path, now):
    ours = settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE
    settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE = tmp_path / "k", tmp_path / "c"
    make_seal(settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE)
    forged = KeyFileSealer().seal(blank_pdf(), now).content
    settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE = ours
    verdict = verify(forged)
    assert (verdict.outcome, verdict.reason) == (UNKNOWN, "other_key")
    assert verdict.certificate_subject in verdict.why


def test_a_process_starts_without_what_only_sealing_needs():
    asked = "import django, sys; django.setup(); print('pyhanko.sign' in sys.modules)"
    started = [sys.executable, "-c", asked]
    assert subprocess.run(started, capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_document_stays_genuine_after_the_clinic_has_a_new_key(sealed, settings, tmp_path):
    settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE = tmp_path / "k", tmp_path / "c"
    make_seal(settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE)
    assert verify(sealed[1]).outcome == GENUINE


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "unreadable"), (b"not a PDF", "unreadable"), (b"%PDF-1.7\n" * 99, "unreadable")],
)
def test_what_is_no_pdf_is_unknown(content, reason):
    assert (verify(content).outcome, verify(content).reason) == (UNKNOWN, reason)


def test_a_pdf_without_a_seal_is_unknown():
    verdict = verify(blank_pdf())
    assert (verdict.outcome, verdict.reason) == (UNKNOWN, "no_seal")


def test_a_copy_of_ours_with_a_password_is_not_said_to_carry_no_seal(sealed):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed[1])) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    verdict = verify(out.getvalue())
    assert (verdict.outcome, verdict.reason) == (UNKNOWN, "encrypted")
    with translation.override("en"):
        said = (str(verdict.headline), verdict.why.partition(".")[0])
    assert said == ("This file could not be checked.", "It is protected by a password")


def test_other_programs_accept_the_document(sealed, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed[1])
    said = {
        name: subprocess.run(
            [name, *words, path], capture_output=True, text=True, check=True
        ).stdout
        for name, words in {"pdfsig": [], "qpdf": ["--check"], "mutool": ["sign"]}.items()
    }
    assert "Total document signed" in said["pdfsig"]
    assert "Signature is Valid" in said["pdfsig"]
    assert "No syntax or stream encoding errors found" in said["qpdf"]
    assert "廿四節氣心理諮商所（虛構）" in said["mutool"]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda key, cert: key.unlink(), "key"),
        (lambda key, cert: key.write_text("no key"), "key"),
        (lambda key, cert: cert.unlink(), "certificate"),
        (lambda key, cert: cert.write_text(""), "certificate"),
        (lambda key, cert: cert.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n"), "certificate"),
        (lambda key, cert: make_seal(key, cert.with_name("other")), "pair"),
    ],
)
def test_key_and_certificate_that_cannot_be_used_are_told_apart(settings, tmp_path, spoil, code):
    settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE = tmp_path / "k", tmp_path / "c"
    make_seal(settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE)
    spoil(settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE)
    with pytest.raises(SealMaterial) as error:
        read_material()
    assert error.value.code == code


# --- With a timestamp service: a real one over HTTP, with a key of its own ------------------------


@pytest.fixture(scope="module")
def time_service():
    """(address, certificate in PEM) of a timestamp service."""
    with serving() as service:
        yield service


def trusting(folder: Path, certificate: bytes) -> Path:
    """Return a file of the clinic's certificate and the time service's beside it."""
    whole = folder / "certificates.pem"
    whole.write_bytes(django_settings.SEAL_CERT_FILE.read_bytes() + certificate)
    return whole


@STAGES.fixture
def stamped(counsellor, now) -> tuple[bytes, bytes]:
    """The bytes of a document that was sealed with a timestamp, and the service's certificate."""
    with serving() as (address, certificate), TemporaryDirectory() as folder:
        whole = trusting(Path(folder), certificate)
        with override_settings(TSA_URL=address, SEAL_CERT_FILE=whole):
            return made(counsellor, now)[1], certificate


@pytest.fixture
def timestamped(stamped, settings, tmp_path) -> bytes:
    """The bytes of that document, at a clinic that trusts the service."""
    settings.SEAL_CERT_FILE = trusting(tmp_path, stamped[1])
    return stamped[0]


def test_with_a_timestamp_service_the_document_reaches_b_lta(timestamped, now):
    verdict = verify(timestamped)
    assert (verdict.outcome, verdict.level) == (GENUINE, "B-LTA")
    assert now - timedelta(seconds=1) <= verdict.at <= timezone.now()  # it tells whole seconds


@pytest.mark.parametrize("change", [one_bit, text_after_the_end, overlay_in_an_incremental_save])
def test_a_change_to_a_timestamped_document_is_found(timestamped, change):
    assert verify(change(timestamped)).outcome == ALTERED


def test_a_time_service_that_is_not_trusted_gives_no_seal(time_service, now):
    with pytest.raises(TimestampUnavailable):
        KeyFileSealer(time_service[0]).seal(blank_pdf(), now)


def test_without_an_answer_the_document_waits_and_is_sealed_once_the_service_is_back(
    settings, admin, now, time_service, tmp_path
):
    with requested(Draft("證明", "<p>同意。</p>"), admin, now) as document:
        settings.TSA_URL = "http://127.0.0.1:1/"
        make(document.pk, now)
        document.refresh_from_db()
        assert (document.state, document.file, Seal.objects.count()) == (
            *("waiting_timestamp", None, 0),
        )
        settings.TSA_URL = time_service[0]
        settings.SEAL_CERT_FILE = trusting(tmp_path, time_service[1])
        make(document.pk, now)
    document.refresh_from_db()
    assert (document.state, Seal.objects.get().level) == ("sealed", "B-LTA")
