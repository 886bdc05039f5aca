"""The sealed document of a signature: it can be read, other programs accept it, a change is found."""

import io
import json
import subprocess

import pikepdf
import pypdf
import pytest

from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document
from clinic.kernel.documents.verify import ALTERED, GENUINE, verify
from clinic.kernel.files.store import read_file
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.people.birth_proof import MOST_TRIES
from consent.actions import countersign, resend, send_request
from consent.models import Request, Signature
from consent.signing import open_request, sign
from tests.consent.conftest import DEVICE, complete
from tests.consent.phone import Phone
from tests.kernel.test_seal import (
    one_bit,
    overlay_in_an_incremental_save,
    saved_by_another_program,
    text_after_the_end,
    trusting,
)
from tests.kernel.time_service import serving

NAME = "測堃喆𠊎 Anne-Marie O'Neil"
STROKES = json.dumps([[[10, 20, 0], [60, 25, 40], [90.5, 80, 90]], [[120, 30, 300]]])


@pytest.fixture
def completed(case, forms, client_person, counsellor, now) -> Request:
    """A request to a person of that name, which lacks nothing but the signature."""
    client_person.name = NAME
    client_person.save(update_fields=["name"])
    sent = send_request(case=case, by=counsellor, now=now)
    opened = open_request(request=sent, electronic=True, by=client_person, now=now)
    return complete(opened, client_person, counsellor, now)


def finished(completed: Request, now) -> tuple[Signature, bytes]:
    """A signature drawn by hand, countersigned, and the bytes that the worker made of it."""
    signature = sign(
        request=completed,
        method="drawn",
        name="",
        strokes=STROKES,
        device=DEVICE,
        by=completed.signer,
        now=now,
    )
    countersign(request=signature.request, by=completed.case.counsellor, now=now)
    document = Document.objects.get()
    make(document.pk, now)
    document.refresh_from_db()
    return signature, read_file(document.file)


@pytest.fixture
def sealed(completed, now) -> tuple[Signature, bytes]:
    return finished(completed, now)


def words(text: str) -> str:
    return "".join(text.split())


def test_the_text_comes_out_in_the_order_in_which_it_is_read(sealed):
    signature, content = sealed
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    text = words("".join(page.extract_text() for page in pages))
    evidence, place = json.loads(signature.evidence), 0
    read = [evidence["signer"]["name"], evidence["intro"]]
    for item in evidence["items"]:
        read += [item["title"], item["code"], *item["text"].split("\n")[:1]]
    for passage in [*read, evidence["closing"].split("\n")[0], signature.sha256]:
        found = text.find(words(passage)[:25], place)
        assert found >= place, passage
        place = found
    assert text.count(words(NAME)) >= 3


def test_the_evidence_lies_in_it_byte_for_byte(sealed):
    signature, content = sealed
    with pikepdf.open(io.BytesIO(content)) as pdf:
        attached = pdf.attachments["evidence.json"].get_file().read_bytes()
    assert attached == signature.evidence.encode()
    assert json.loads(attached)["signature"]["strokes"] == json.loads(STROKES)


def test_other_programs_and_our_own_accept_it(sealed, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(sealed[1])
    seen = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in seen
    assert "Total document signed" in seen
    assert (
        subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0
    )
    assert verify(sealed[1]).outcome == GENUINE


def evidence_swapped(content: bytes) -> bytes:
    def swap(pdf):
        other = pikepdf.AttachedFileSpec(pdf, b'{"agreed": false}', filename="evidence.json")
        del pdf.attachments["evidence.json"]
        pdf.attachments["evidence.json"] = other

    return saved_by_another_program(content, swap)


def test_every_change_is_found(sealed):
    changes = (one_bit, text_after_the_end, evidence_swapped, overlay_in_an_incremental_save)
    assert [verify(change(sealed[1])).outcome for change in changes] == [ALTERED] * 4


def test_one_with_timestamps_is_looked_through_in_the_time_that_a_file_has(
    completed, settings, tmp_path, now
):
    """Its ten pages have three revisions; to compare them took longer than a cell may work."""
    with serving() as (address, certificate):
        settings.TSA_URL, settings.SEAL_CERT_FILE = address, trusting(tmp_path, certificate)
        _signature, content = finished(completed, now)
    verdict = verify(content)
    overlaid = verify(overlay_in_an_incremental_save(content))
    assert (verdict.outcome, verdict.level, overlaid.outcome) == (GENUINE, "B-LTA", ALTERED)


def test_staff_send_the_copy_again_which_opens_a_lock(sealed, counsellor, now):
    signature, _pdf = sealed
    Link.objects.update(wrong_tries=MOST_TRIES)
    resend(request=signature.request, new_link=True, by=counsellor, now=now)
    phone = Phone(signature.request)
    phone.open()
    assert Outbox.objects.filter(kind="signed_copy").count() == 1
    assert phone.prove().url == phone.address("done")


def test_a_document_that_is_lost_on_disk_is_said_in_words_and_not_noted_as_read(sealed, settings):
    document, phone = Document.objects.get(), Phone(sealed[0].request).begin()
    (settings.MEDIA_ROOT / document.file.blob).unlink()
    assert phone.get("document").status_code == 503
    assert Task.objects.filter(kind="file_unreadable", key=document.sha256).count() == 1
    assert not AuditEntry.objects.about(document).filter(verb="record.open").exists()
