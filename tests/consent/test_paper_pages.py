"""The paper path in the browser, and the two documents it leaves."""

import io

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document
from clinic.kernel.files.store import read_file
from clinic.kernel.roles import Role
from consent.actions import countersign
from consent.explained import unexplained
from consent.models import Request, ReturnedPaper
from consent.models.requests import DOCUMENT, PAPER_FORM
from consent.paper.actions import check_paper
from tests.consent.on_paper import asked_on_paper, returned, right_answers
from tests.house import make_user


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 80), 255).save(out, "PNG")
    return out.getvalue()


def posted(request: Request, **but) -> dict:
    """What the page of the returned form sends: two photos, everything ticked."""
    files = [SimpleUploadedFile(f"{n}.png", picture() + bytes(n)) for n in range(2)]
    values = {"came": "brought", "signed_on": str(timezone.localdate()), "whole": "on"}
    return values | right_answers(request) | {"scan": files} | but


def text_of(kind: str) -> str:
    """Make the document and return its words without spaces."""
    document = Document.objects.get(kind=kind)
    make(document.pk, timezone.now())
    document.refresh_from_db()
    pages = pypdf.PdfReader(io.BytesIO(read_file(document.file))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_from_the_case_to_the_second_check(case, forms, counsellor, admin, browse, now):
    hers, admins = browse(counsellor), browse(admin)
    sent = hers.post(f"/cases/{case.pk}/consent/paper/")
    request = Request.objects.get()
    assert sent.url == f"/consent/{request.pk}/"
    assert Document.objects.get().code in hers.get(sent.url).content.decode()
    told = {"at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "channel": "telephone"}
    hers.post(f"{sent.url}explain/", told | {"items": unexplained(request)})
    assert f"{sent.url}paper/" in hers.get(sent.url).content.decode()
    assert hers.post(f"{sent.url}paper/", posted(request)).url == sent.url
    paper = ReturnedPaper.objects.get()
    assert f'href="/papers/{paper.pk}/"' in admins.get("/").content.decode()
    assert paper.pages.count() == 2
    verdict = {"verdict": "right", "remark": ""}
    assert admins.post(f"/papers/{paper.pk}/", verdict).status_code == 302
    assert f'href="/papers/{paper.pk}/"' not in admins.get("/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"whole": ""}, "whole"),
        ({"scan": []}, "scan"),
        ({"scan": [SimpleUploadedFile("a.png", b"not a picture")]}, "scan"),
        ({"scan": [SimpleUploadedFile(f"{n}.png", picture()) for n in range(31)]}, "scan"),
        ({"signed_on": "2999-01-01"}, "signed_on"),
        ({"signed_on": "yesterday"}, "signed_on"),
        ({"came": "by pigeon"}, "came"),
        ({"disagreed": ["A99"]}, "disagreed"),
        ({"Q-emergency": "no such"}, "Q-emergency"),
    ],
)
def test_what_makes_no_sense_stays_on_the_page_with_its_reason(
    wrong, field, case, forms, counsellor, browse, now
):
    request = asked_on_paper(case, now)
    page = browse(counsellor).post(f"/consent/{request.pk}/paper/", posted(request, **wrong))
    assert (page.status_code, [*page.context["form"].errors]) == (200, [field])
    assert ReturnedPaper.objects.count() == 0


def test_the_scan_is_a_download_for_the_case_and_for_who_compares(
    case, forms, counsellor, stranger, admin, browse, now, settings
):
    paper = returned(asked_on_paper(case, now), now)
    address = f"/papers/{paper.pk}/scan/1/"
    seen = {who.name: browse(who).get(address).status_code for who in (counsellor, stranger, admin)}
    assert seen == {"guyu": 200, "chunfen": 404, "lixia": 200}
    got = browse(admin).get(address)
    assert (got.content, got["Content-Disposition"].split(";")[0]) == (b"a scan", "attachment")
    assert browse(admin).get(f"/papers/{paper.pk}/scan/2/").status_code == 404
    (settings.MEDIA_ROOT / paper.pages.get().file.blob).unlink()
    assert browse(admin).get(address).status_code == 503


def test_what_was_compared_stays_with_who_compared_it(case, forms, admin, browse, now):
    another = make_user("dashu", Role.ADMIN)
    paper = returned(asked_on_paper(case, now), now)
    check_paper(paper=paper, right=True, by=admin, now=now)
    seen = [browse(who).get(f"/papers/{paper.pk}/").status_code for who in (admin, another)]
    assert seen == [200, 404]


def test_the_printed_form_has_every_word_and_a_line_to_sign_on(case, forms, now):
    request = asked_on_paper(case, now)
    text = text_of(PAPER_FORM)
    for item in request.asked_items():
        assert "".join(item.texts["title_zh"].split())[:8] in text
    for asked in request.version.content["understanding"]["questions"]:
        assert "".join(asked["options"][0]["zh"].split())[:8] in text
    assert "江小滿" in text


def test_the_certificate_says_who_entered_it_and_who_compared(case, forms, counsellor, admin, now):
    paper = returned(asked_on_paper(case, now), now)
    countersign(request=paper.request, by=counsellor, now=now)
    check_paper(paper=paper, right=True, by=admin, now=now)
    text = text_of(DOCUMENT)
    for page in paper.pages.select_related("file"):
        assert page.file.sha256[:20] in text
    assert (counsellor.name in text, admin.name in text) == (True, True)
