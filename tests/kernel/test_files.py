"""The one upload path: type by content, nothing hidden stays, encrypted on disk, words for each no."""

import errno
import io
import os
import struct
import zlib

import pikepdf
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from clinic.errors import Refused
from clinic.kernel.documents import inspection
from clinic.kernel.encryption import CannotDecrypt
from clinic.kernel.files import blobs
from clinic.kernel.files.examine import examine
from clinic.kernel.files.fields import UploadField
from clinic.kernel.files.models import StoredFile
from clinic.kernel.files.serving import download
from clinic.kernel.files.store import FileUnreadable, read_file, store

pytestmark = pytest.mark.django_db

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
xref
0 4
0000000000 65535 f 
0000000009 00000 n 
0000000052 00000 n 
0000000101 00000 n 
trailer<</Size 4/Root 1 0 R>>
startxref
160
%%EOF
"""  # noqa: W291  the spaces belong to the format


def image(kind: str, size=(8, 6), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be a large one."""
    small = image("PNG")
    head = b"IHDR" + struct.pack(">II", width, height) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


def upload(data: bytes, name: str = "scan") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "application/pdf"),
        (image("PNG"), "image/png"),
        (image("JPEG"), "image/jpeg"),
        (image("WEBP"), "image/webp"),
    ],
)
def test_an_allowed_file_is_known_by_its_content_whatever_its_name(data, kind):
    assert examine(upload(data, "holiday.exe")).kind == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><script>alert(1)</script></html>", "file.kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file.kind"),
        (b"MZ" + bytes(200), "file.kind"),
        (b"", "file.kind"),
        (b"GIF89a" + bytes(50), "file.kind"),
        (b"GIF89a;" + PDF, "file.kind"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(60), "file.heic"),
        (b"%PDF-1.7\nnothing of the sort", "file.unreadable"),
        (image("PNG")[:40], "file.unreadable"),
        (bomb(7000, 6000), "file.pixels"),
        (bomb(12000, 8000), "file.pixels"),
        (bomb(60000, 60000), "file.pixels"),
    ],
)
def test_anything_else_is_refused_by_name(data, code):
    with pytest.raises(Refused) as refusal:
        examine(upload(data, "scan.pdf"))
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings):
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(Refused) as refusal:
        examine(upload(bytes(101)))
    assert refusal.value.code == "file.too_large"


def test_a_pdf_with_a_password_is_refused(encrypted_pdf):
    with pytest.raises(Refused) as refusal:
        examine(upload(encrypted_pdf))
    assert refusal.value.code == "file.encrypted"


def test_a_pdf_that_was_not_read_in_time_is_not_said_to_be_damaged(monkeypatch):
    def too_slow(content):
        raise inspection.NotRead("took too long")

    monkeypatch.setattr(inspection, "inspect", too_slow)
    with pytest.raises(Refused) as refusal:
        examine(upload(PDF))
    assert (refusal.value.code, refusal.value.field) == ("file.not_read", "file")


@pytest.fixture
def encrypted_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def test_a_picture_loses_exif_texts_and_what_hangs_behind_it():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret note")
    jpeg = examine(upload(image("JPEG", exif=exif) + b"hidden behind")).data
    png = examine(upload(image("PNG", pnginfo=notes, icc_profile=b"secret profile"))).data
    assert [word in jpeg for word in (b"taken at home", b"hidden behind", b"Exif")] == [False] * 3
    assert [word in png for word in (b"secret note", b"iCCP", b"tEXt")] == [False] * 3
    assert Image.open(io.BytesIO(png)).getpixel((0, 0)) == (200, 30, 30)


def test_a_scan_in_sixteen_bits_of_grey_keeps_ink_and_paper_apart():
    scan = Image.new("I;16", (4, 4), 60_000)
    scan.putpixel((1, 1), 8_000)
    out = io.BytesIO()
    scan.save(out, "PNG")
    kept = Image.open(io.BytesIO(examine(SimpleUploadedFile("scan.png", out.getvalue())).data))
    assert (kept.convert("L").getpixel((0, 0)), kept.convert("L").getpixel((1, 1))) == (234, 31)


def test_a_turned_photo_is_stored_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = examine(upload(image("JPEG", size=(8, 6), exif=exif))).data
    assert Image.open(io.BytesIO(kept)).size == (6, 8)


def test_a_transparent_picture_stays_transparent():
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(examine(upload(out.getvalue())).data)).mode == "RGBA"


def test_a_stored_file_comes_back_and_lies_encrypted_for_us_alone(settings, admin, now):
    file = store(upload(PDF), by=admin, now=now)
    on_disk = settings.MEDIA_ROOT / file.blob
    assert read_file(file) == PDF
    assert b"%PDF" not in on_disk.read_bytes()
    assert on_disk.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in on_disk.parent.iterdir()] == [file.sha256]
    assert (file.kind, file.size, file.created_by) == (
        "application/pdf",
        len(PDF),
        admin.actor_label,
    )


def test_the_same_content_twice_is_one_file(admin, stranger, now):
    first = store(upload(PDF), by=admin, now=now)
    assert store(upload(PDF), by=stranger, now=now) == first
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("lose", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_a_lost_or_altered_file_comes_back_when_it_is_sent_in_again(settings, admin, now, lose):
    file = store(upload(PDF), by=admin, now=now)
    lose(settings.MEDIA_ROOT / file.blob)
    again = store(upload(PDF), by=admin, now=now)
    assert (again, read_file(again)) == (file, PDF)


def test_a_changed_or_exchanged_blob_does_not_open(settings, admin, now):
    one = store(upload(PDF), by=admin, now=now)
    other = store(upload(image("PNG")), by=admin, now=now)
    path = settings.MEDIA_ROOT / one.blob
    whole = path.read_bytes()
    for content in (
        whole[:-1] + bytes([whole[-1] ^ 1]),
        (settings.MEDIA_ROOT / other.blob).read_bytes(),
        b"",
    ):
        path.write_bytes(content)
        with pytest.raises(FileUnreadable) as error:
            read_file(one)
        assert (error.value.file, type(error.value.__cause__)) == (one, CannotDecrypt)


def test_a_write_that_fails_leaves_nothing_behind(settings, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda descriptor: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        blobs.write("files/ab/abcd", b"content", "abcd")
    assert list((settings.MEDIA_ROOT / "files/ab").iterdir()) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_takes_no_more_refuses_in_words(admin, now, monkeypatch, code):
    def refuse(**options):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(Refused) as refused:
        store(upload(PDF), by=admin, now=now)
    assert (refused.value.code, StoredFile.objects.count()) == ("file.no_room", 0)


def test_a_disk_that_breaks_is_no_refusal(admin, now, monkeypatch):
    def broken(**options):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("tempfile.mkstemp", broken)
    with pytest.raises(OSError, match="Input/output"):
        store(upload(PDF), by=admin, now=now)


def test_a_download_is_an_attachment_that_no_browser_sniffs_or_keeps():
    response = download(PDF, kind="application/pdf", name='證書 "1".pdf')
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%AD%89")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"


class Form(forms.Form):
    file = UploadField()


def test_the_field_gives_examined_content_that_store_takes(admin, now):
    form = Form({}, {"file": upload(PDF)})
    assert form.is_valid()
    assert read_file(store(form.cleaned_data["file"], by=admin, now=now)) == PDF


def test_the_field_says_why_and_what_to_do():
    form = Form({}, {"file": upload(b"<html>")})
    assert not form.is_valid()
    (error,) = form.errors.as_data()["file"]
    with pytest.raises(Refused) as refusal:
        examine(upload(b"<html>"))
    assert (error.code, error.message) == ("file.kind", str(refusal.value))
    assert Form({}, {}).errors.as_data()["file"][0].code == "required"
