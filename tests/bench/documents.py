"""Sealed documents per CPU-second beside plain WeasyPrint and pyHanko; bytes of the consent page.

Not collected by pytest; run by hand, where nothing else runs:

    .venv/bin/python -m clinic.embedded --fast pytest tests/bench/documents.py -n0 -q -s

Both sides make the same signed request's document from the same HTML, seal it with the same key,
and are measured in CPU-seconds of this process and of everything it started.
"""

import gzip
import io
import re

import psutil
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from weasyprint import HTML

from clinic.kernel.documents.certificate import read_material
from clinic.kernel.documents.models import Document
from clinic.kernel.documents.registry import KINDS
from clinic.kernel.documents.render import page, render
from clinic.kernel.documents.seal import sealer
from consent.actions import countersign
from tests.conftest import *  # noqa: F403  the fixtures of every test
from tests.consent.conftest import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.consent.phone import Phone
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names

TIMES = 8
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # WeasyPrint leaves a file open
]


def cpu_seconds() -> float:
    """Return the CPU time of this process, of its living children, and of those that ended."""
    me = psutil.Process()
    own = me.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in me.children(recursive=True):
        spent = child.cpu_times()
        total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


def rate(make) -> tuple[float, int]:
    """Return documents per CPU-second, and the bytes of one. The first is not counted."""
    content = make()
    before = cpu_seconds()
    for _time in range(TIMES):
        make()
    return TIMES / (cpu_seconds() - before), len(content)


def test_documents_per_cpu_second(signed, counsellor, now):
    countersign(request=signed.request, by=counsellor, now=now)
    document = Document.objects.get()
    build = KINDS[document.kind].build

    def product() -> bytes:
        draft = build(document.subject_id, document.version, now)
        return sealer().seal(render(document, draft, now), now).content

    html = page(document, build(document.subject_id, document.version, now), now)
    material = read_material()

    def plain() -> bytes:
        pdf = HTML(string=html).write_pdf(pdf_variant="pdf/a-3u", pdf_tags=True)
        signer = signers.SimpleSigner(
            signing_cert=material.certificate, signing_key=material.key, cert_registry=None
        )
        kind = signers.PdfSignatureMetadata(field_name="Seal", subfilter=SigSeedSubFilter.PADES)
        return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), kind, signer).getvalue()

    mine, my_bytes = rate(product)
    theirs, their_bytes = rate(plain)
    print(f"\nproduct: {mine:.2f} documents per CPU-second, {my_bytes:,} bytes each")
    print(f"plain WeasyPrint + pyHanko: {theirs:.2f}, {their_bytes:,} bytes each")
    print(f"ratio: {mine / theirs:.1f}")


def test_bytes_of_the_page_to_the_first_item(request_sent):
    phone = Phone(request_sent).begin()
    item = phone.get("item", 1)
    found = {"html": item.content}
    names = re.findall(r'(?:href|src)="(/static/[^"#]+)', item.content.decode())
    for name in dict.fromkeys(names):
        found[name] = open_static(name)
    plain = {name: len(content) for name, content in found.items()}
    packed = {name: len(gzip.compress(content)) for name, content in found.items()}
    print()
    for name in found:
        print(f"{name}: {plain[name]:,} bytes, {packed[name]:,} compressed")
    print(f"in all: {sum(plain.values()):,} bytes, {sum(packed.values()):,} compressed")


def open_static(address: str) -> bytes:
    with open("static/" + address.removeprefix("/static/"), "rb") as file:
        return file.read()
