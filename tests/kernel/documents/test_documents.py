"""A document is made once, by the worker, from an unhurried queue; what it prints can be read."""

import subprocess
import threading
from datetime import timedelta

import pikepdf
import psutil
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from clinic.kernel.actors import System
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.documents.actions import ask_again, request_document
from clinic.kernel.documents.cells import Cell, CellRefused
from clinic.kernel.documents.making import make, sweep
from clinic.kernel.documents.models import ALPHABET, Document, Seal
from clinic.kernel.documents.registry import Attachment, Draft, document
from clinic.kernel.documents.render import CannotRender, _cell, render, visible_text
from clinic.kernel.files.models import StoredFile
from clinic.kernel.files.store import read_file
from clinic.kernel.glyphs import FAMILY
from clinic.kernel.outbox import delivery
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from tests.kernel.documents.conftest import EVIDENCE

pytestmark = pytest.mark.usefixtures("now")


def text_of(content: bytes, tmp_path) -> list[str]:
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_every_name_extracts_in_reading_order_with_code_and_page(sealed, tmp_path):
    words = text_of(read_file(sealed.file), tmp_path)
    rows = [
        "姓名",
        "字號",
        "測試堃",
        "0001",
        "林喆",
        "0002",
        "𠊎小滿",
        "0003",
        "Guyu",
        "Lin",
        "0004",
    ]
    assert words[: len(rows) + 2] == ["測試名冊", "名冊", *rows]
    assert words[-2:] == [sealed.code, "1/1"]


def test_the_pdf_is_a_tagged_archive_with_one_embedded_font_and_the_evidence(sealed, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(read_file(sealed.file))
    with pikepdf.open(path) as pdf, pdf.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "U")
        assert (pdf.Root.MarkInfo.Marked, str(pdf.Root.Lang)) == (True, "zh-Hant-TW")
        spec = pdf.attachments["evidence.json"]
        assert spec.get_file().read_bytes() == EVIDENCE.content
        assert str(spec.obj.AFRelationship) == "/Data"
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in fonts.splitlines()[2:]]
    assert [(line[0].endswith("+Clinic"), line[-5:-2]) for line in lines] == [
        (True, ["yes", "yes", "yes"])
    ]


def test_asking_twice_is_one_document_one_message_and_one_seal(ask, admin, now):
    first = ask()
    again = request_document(kind="test_roster", subject=admin, by=System("shell"), now=now)
    assert again == first
    assert Outbox.objects.filter(kind="document.render").count() == 1
    make(first.pk, now)
    make(first.pk, now)
    assert (Seal.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_the_worker_makes_it_and_the_chain_says_so(ask):
    found = ask()
    delivery.deliver_due()
    found.refresh_from_db()
    assert found.state == Document.State.SEALED
    assert Outbox.objects.get(kind="document.render").state == Outbox.State.SENT
    verbs = AuditEntry.objects.about(found).values_list("actor", "verb")
    assert list(verbs) == [
        ("system:documents", "document.seal"),
        ("system:shell", "document.request"),
    ]


def test_a_code_holds_no_letter_that_is_mistaken(ask):
    assert set(ask().code) <= set(ALPHABET)
    assert not set("0O1IL") & set(ALPHABET)


def test_a_sealed_document_can_neither_change_nor_vanish(sealed):
    for change in (
        lambda: Document.objects.filter(pk=sealed.pk).update(reason="x"),
        lambda: Document.objects.filter(pk=sealed.pk)._raw_delete("default"),
        lambda: Seal.objects.update(level="B-LTA"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_version_of_a_record_has_one_document_of_a_kind(ask):
    found = ask()
    found.pk, found.code = None, "23456789"
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save(force_insert=True)


def test_a_kind_is_registered_once(kind):
    kind()
    with pytest.raises(ValueError, match="registered twice"):
        document("test_roster", "名冊", lambda user, found: True)(lambda pk, version, at: None)


# --- What cannot be printed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>名字 \U000f0000</p>", "no glyph for U+F0000"),
        ("<p>&#x1F600;</p>", "no glyph for U+1F600"),
        ("<p>" + "長" * 2_000_000 + "</p>", "too long"),
        ('<img src="http://127.0.0.1:1/x.png">', "FatalURLFetchingError"),
        ('<img src="file:///etc/passwd">', "FatalURLFetchingError"),
        ('<style>@import "file:///etc/passwd";</style>', "FatalURLFetchingError"),
        (
            '<style>p { background: url("ftp://127.0.0.1/") }</style><p>x</p>',
            "FatalURLFetchingError",
        ),
    ],
)
def test_what_cannot_be_printed_fails_loudly_and_becomes_a_task(ask, html, reason, made):
    found = made(ask(html=html))
    assert (found.state, found.reason[: len(reason)]) == ("failed", reason)
    task = Task.objects.get(kind="document_failed")
    assert (task.role, task.about) == ("admin", f"document:{found.pk}")


def test_a_character_in_a_style_is_not_printed_and_needs_no_glyph():
    assert visible_text("<style>p{content:'\U000f0000'}</style><p>a&amp;b</p>") == "a&b"


def test_too_much_attached_is_refused(ask, now):
    found = ask()
    heavy = Attachment("a.bin", "", bytes(20_000_001))
    with pytest.raises(CannotRender):
        render(found, Draft("x", "<p>x</p>", (heavy,)), now)


def test_a_rendering_that_never_ends_is_stopped_and_the_next_one_works(settings, now):
    cell = Cell("rendering", font=settings.PDF_FONT, family=FAMILY, cpu_seconds="1")
    head = {"attachments": [], "made_at": now.isoformat()}
    with pytest.raises(CellRefused, match="took too long"):
        cell.ask(head | {"html": "<div>" * 100_000})
    assert cell.ask(head | {"html": "<p>好</p>"})[1][:5] == b"%PDF-"
    cell.close()


def test_a_cell_killed_while_it_renders_costs_a_try_and_not_the_document(ask, now, settings):
    found = ask()
    cell = _cell(settings.PDF_FONT)
    process = psutil.Process(cell._running().pid)
    process.suspend()
    killing = threading.Timer(0.5, process.kill)
    killing.start()
    make(found.pk, now)
    killing.join()
    found.refresh_from_db()
    assert (found.state, found.reason) == ("waiting", "CellEnded")
    assert list(Task.objects.values_list("kind", flat=True)) == []
    make(found.pk, now + timedelta(minutes=1))
    found.refresh_from_db()
    assert found.state == "sealed"


def test_a_cell_holds_no_secret_of_the_clinic():
    cell = Cell("inspecting")
    with pytest.raises(CellRefused):
        cell.ask({}, b"not a PDF")
    names = set(psutil.Process(cell._running().pid).environ())
    assert names == {"LANG", "FONTCONFIG_FILE"}
    cell.close()


def test_a_cell_that_was_killed_is_replaced():
    cell = Cell("inspecting")
    process = cell._running()
    process.kill()
    process.wait()
    with pytest.raises(CellRefused):
        cell.ask({}, b"not a PDF")
    assert cell._process.pid != process.pid
    cell.close()


# --- What goes wrong on the way ------------------------------------------------------------------


def test_a_try_that_fails_waits_longer_each_time_and_ends_with_a_person(ask, kind, now, made):
    def broken(pk, version, at):
        raise KeyError("the register is being moved")

    found, waits = ask(build=broken), []
    for _try in range(8):
        made(found)
        waits.append((found.state, (found.next_try - now) // timedelta(minutes=1)))
    assert waits[:4] == [("waiting", 1), ("waiting", 2), ("waiting", 4), ("waiting", 8)]
    assert found.state == "failed"
    assert Task.objects.filter(kind="document_failed").count() == 1


def test_a_full_disk_is_named_and_the_document_waits_for_room(ask, made, now, full_disk):
    found = made(ask())
    assert (found.state, found.faults, found.reason) == ("waiting", 1, "OSError ENOSPC")


def passing_fault(pk, version, at):
    raise OSError("the database went away for a second")


def test_after_a_long_wait_for_the_time_service_one_fault_is_the_first(
    ask, kind, made, settings, now
):
    settings.TSA_URL = "http://127.0.0.1:9/"
    found = ask()
    waits = [made(found).state for _try in range(9)]
    kind(build=passing_fault)
    made(found)
    assert waits == ["waiting_timestamp"] * 9
    assert (found.state, found.faults, found.attempts) == ("waiting", 1, 10)
    assert found.next_try == now + timedelta(minutes=1)
    kind()
    assert (made(found).state, found.faults) == ("waiting_timestamp", 0)


def test_asked_for_again_a_document_has_all_its_tries_and_messages_of_their_own(
    ask, made, admin, now
):
    found = ask(build=passing_fault)
    for _try in range(8):
        made(found)
    given_up = found.state
    ask_again(document=found, by=admin, now=now)
    again = [made(found).state for _try in range(8)]
    assert (given_up, again) == ("failed", ["waiting"] * 7 + ["failed"])
    ask_again(document=found, by=admin, now=now)
    sent = Outbox.objects.about(f"document:{found.pk}").order_by("version")
    assert [row.version for row in sent] == [1, 9, 17]
    keys = Task.objects.filter(kind="document_failed").order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"{found.pk}:8", f"{found.pk}:16"]


def test_the_sweep_asks_again_when_the_time_has_come_and_only_once(ask, kind, now):
    ask(build=lambda pk, version, at: {}["gone"])
    delivery.deliver_due()
    sweep(now)
    assert Outbox.objects.unfinished().count() == 0
    for _beat in range(3):
        sweep(timezone.now() + timedelta(minutes=2))
    assert Outbox.objects.filter(kind="document.render").count() == 2


def test_a_document_whose_maker_died_is_swept_after_its_lease(ask, now, made):
    found = ask()
    later = now + timedelta(minutes=5)
    Document.objects.filter(pk=found.pk).update(
        state="rendering", lease="9" * 32, lease_until=now, attempts=1
    )
    sweep(later)
    assert Outbox.objects.filter(occasion=f"document:{found.pk}", version=2).count() == 1
    assert made(found).state == "sealed"


def test_a_document_in_other_hands_is_left_alone(ask, now, made):
    found = ask()
    Document.objects.filter(pk=found.pk).update(
        state="rendering", lease="9" * 32, lease_until=now + timedelta(hours=1)
    )
    assert made(found).state == "rendering"
