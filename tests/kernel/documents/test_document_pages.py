"""The pages of documents: fetching one, and checking any file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.files.models import StoredFile
from clinic.kernel.files.store import read_file

pytestmark = pytest.mark.django_db


def test_who_may_read_downloads_the_document_and_it_is_noted(ask, admin, browse, made):
    found = made(ask())
    response = browse(admin).get(reverse("document", args=[found.code]))
    assert response.content == read_file(found.file)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    newest = AuditEntry.objects.about(found)[0]
    assert (newest.actor, newest.verb) == (admin.actor_label, "record.open")


def test_who_may_not_read_is_told_there_is_none(ask, counsellor, browse, made):
    found = made(ask())
    theirs = browse(counsellor).get(reverse("document", args=[found.code]))
    nobody = browse(counsellor).get(reverse("document", args=["22222222"]))
    assert (theirs.status_code, nobody.status_code) == (404, 404)
    assert Client().get(reverse("document", args=[found.code])).status_code == 302


def test_a_document_that_is_not_ready_says_so(ask, admin, browse):
    response = browse(admin).get(reverse("document", args=[ask().code]))
    assert response.status_code == 202
    assert response["Content-Type"].startswith("text/html")


def checked(content: bytes):
    upload = SimpleUploadedFile("名冊.pdf", content, "application/pdf")
    return Client().post(reverse("verify"), {"file": upload})


def test_anybody_can_check_a_document_and_nothing_is_kept(ask, made):
    found = made(ask())
    content = read_file(found.file)
    genuine, altered = checked(content), checked(content + b"x")
    assert genuine.context["verdict"].outcome == "genuine"
    assert found.code in genuine.content.decode()
    assert altered.context["verdict"].outcome == "altered"
    assert found.code not in altered.content.decode()
    assert StoredFile.objects.count() == 1


def test_the_verify_page_shows_a_hostile_name_as_text():
    page = checked(b"<script>alert(1)</script>")
    assert page.context["verdict"].outcome == "unknown"
    assert "<script>alert" not in page.content.decode()


def test_a_file_over_the_limit_is_refused_by_the_verify_page(settings):
    settings.UPLOAD_MAX_BYTES = 10
    page = checked(bytes(11))
    assert page.context["form"].errors.get_json_data()["file"][0]["code"] == "too_large"
