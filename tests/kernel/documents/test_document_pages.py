"""The pages of documents: fetching one, and checking any file."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Seal
from clinic.kernel.documents.verify import TURN, verify
from clinic.kernel.files.models import StoredFile
from clinic.kernel.files.store import read_file
from clinic.kernel.tasks.models import Task

pytestmark = pytest.mark.usefixtures("now")


def test_who_may_read_downloads_the_document_and_it_is_noted(sealed, admin, browse):
    response = browse(admin).get(reverse("document", args=[sealed.code]))
    assert response.content == read_file(sealed.file)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    newest = AuditEntry.objects.about(sealed)[0]
    assert (newest.actor, newest.verb) == (admin.actor_label, "record.open")


@pytest.mark.parametrize(
    "lose", [lambda path: path.unlink(), lambda path: path.write_bytes(b"another")]
)
def test_a_document_whose_file_is_lost_or_altered_is_said_in_words_and_told_once(
    sealed, admin, browse, settings, lose
):
    lose(settings.MEDIA_ROOT / sealed.file.blob)
    browser = browse(admin)
    browser.cookies["language"] = "en"
    pages = [browser.get(reverse("document", args=[sealed.code])) for _time in range(2)]
    assert [page.status_code for page in pages] == [503, 503]
    assert "This file cannot be read at the moment" in pages[0].content.decode()
    tasks = Task.objects.values_list("kind", "key", "role", "about")
    assert list(tasks) == [
        ("file_unreadable", sealed.sha256, "admin", f"file:{sealed.sha256[:12]}")
    ]
    assert not AuditEntry.objects.about(sealed).filter(verb="record.open").exists()
    assert f"file {sealed.sha256[:12]} has to come back" in browser.get("/").content.decode()


def test_who_may_not_read_is_told_there_is_none(sealed, counsellor, browse):
    theirs = browse(counsellor).get(reverse("document", args=[sealed.code]))
    nobody = browse(counsellor).get(reverse("document", args=["22222222"]))
    assert (theirs.status_code, nobody.status_code) == (404, 404)
    assert Client().get(reverse("document", args=[sealed.code])).status_code == 302


def test_a_document_that_is_not_ready_says_so(ask, admin, browse):
    where = reverse("document", args=[ask().code])
    response = browse(admin).get(where)
    assert response.status_code == 202
    assert response["Content-Type"].startswith("text/html")
    assert f'class="btn btn-primary" href="{where}"' in response.content.decode()


def checked(content: bytes):
    upload = SimpleUploadedFile("名冊.pdf", content, "application/pdf")
    return Client().post(reverse("verify"), {"file": upload})


def test_anybody_can_check_a_document_and_nothing_is_kept(sealed):
    content = read_file(sealed.file)
    genuine, altered = checked(content), checked(content + b"x")
    assert genuine.context["verdict"].outcome == "genuine"
    assert sealed.code in genuine.content.decode()
    assert altered.context["verdict"].outcome == "altered"
    assert sealed.code not in altered.content.decode()
    assert StoredFile.objects.count() == 1


def test_the_verify_page_shows_a_hostile_name_as_text():
    page = checked(b"<script>alert(1)</script>")
    assert page.context["verdict"].outcome == "unknown"
    assert "<script>alert" not in page.content.decode()


def test_a_file_over_the_limit_is_refused_by_the_verify_page(settings):
    settings.UPLOAD_MAX_BYTES = 10
    page = checked(bytes(11))
    assert page.context["form"].errors.get_json_data()["file"][0]["code"] == "too_large"


@pytest.mark.parametrize("moment", ["99991231235959Z", "00010101000000+14'00'", "00010101000000Z"])
def test_a_time_from_the_end_of_the_calendar_is_not_shown(sealed, moment):
    content = read_file(sealed.file)
    (written,) = re.findall(rb"/M \(([^)]*)\)", content)
    forged = f"D:{moment}".encode() + b")"
    page = checked(content.replace(written + b")", forged.ljust(len(written) + 1)))
    verdict = page.context["verdict"]
    assert (page.status_code, verdict.outcome, verdict.at) == (200, "altered", None)


def test_a_file_made_to_keep_the_server_busy_is_given_up_soon():
    endless = (
        b"<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>",
        b"<</Count 1>>",
        b"<</Fields[" + b"4 0 R " * 900_000 + b"]>>",
        b"<</FT/Sig/T(a)/V 5 0 R>>",
        b"<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>",
    )
    began = time.monotonic()
    page = checked(pdf(*endless))
    assert page.context["verdict"].reason == "not_read"
    assert "這個檔案暫時無法查驗。" in page.content.decode()
    assert time.monotonic() - began < 20  # gunicorn ends a process that is silent for thirty


def test_while_one_file_is_checked_another_is_answered_at_once_and_staff_wait_for_nobody(sealed):
    content = read_file(sealed.file)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(TURN)
        page, by_command = checked(content), verify(content)
        cursor.execute("ROLLBACK")  # a closed connection gives its lock back only after a while
    other.close()
    verdict = page.context["verdict"]
    assert (verdict.outcome, verdict.reason, verdict.file_known) == ("unknown", "busy", True)
    assert by_command.outcome == "genuine"
    assert checked(content).context["verdict"].outcome == "genuine"


def pdf(*objects: bytes) -> bytes:
    """Return a file of these objects, the first of them its root."""
    content, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return content + head + table + tail % (len(objects) + 1, len(content))


def test_the_seals_time_is_when_it_was_set_not_when_the_page_was_asked_for(ask, now, days):
    found, before = ask(), timezone.now()
    make(found.pk, now - days(1))
    assert [
        before <= seal.at <= timezone.now() for seal in Seal.objects.filter(document=found)
    ] == [True]
