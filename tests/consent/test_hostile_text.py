"""Hostile text: refused in words or shown as text, on pages, in mails, in evidence and in print."""

import io
import json

import pikepdf
import pypdf
import pytest

from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document
from clinic.kernel.files.store import read_file
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from consent.actions import countersign, reply
from consent.models import Question, Signature
from consent.signing import answer
from tests.consent.phone import Phone

SCRIPT = "<script>alert('x')</script><img src=http://127.0.0.1:9/x.png> {{ 7 }} {client_name} %s"
SHOWN = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&lt;img src=http://127.0.0.1:9/x.png&gt; {{ 7 }} {client_name} %s"
LINES = "第一行\r\nBcc: thief@example.com\r\n\r\n第三行"
REFUSED = {
    "too long": "長" * 3000,
    "private use": "名字\ue000",
    "null": "a\x00b",
    "escape": "a\x1b[31m",
    "right to left": "a\u202eb",
    "emoji": "😀",
    "line separator": "a\u2028b",
}


@pytest.fixture
def phone(opened) -> Phone:
    return Phone(opened).begin()


@pytest.fixture
def at_the_end(ready) -> Phone:
    return Phone(ready).begin()


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_or_printed_is_refused_in_words(phone, opened, text):
    asked = phone.answer(2, "ask", text=text)
    declined = phone.post("decline", reason=text)
    for page, field in ((asked, "text"), (declined, "reason")):
        problems = page.context["form"].errors[field]
        assert (page.status_code, bool(problems)) == (200, True)
        assert str(problems[0]) in page.content.decode()
    opened.refresh_from_db()
    assert (Question.objects.count(), opened.state) == (0, "opened")


@pytest.mark.parametrize("text", [*REFUSED.values(), LINES, "", "   "])
def test_a_typed_name_that_is_none_is_refused_in_words(at_the_end, text):
    page = at_the_end.sign(text)
    errors = page.context["form"].errors
    assert (page.status_code, errors.keys()) == (200, {"name"})
    assert str(errors["name"][0]) in page.content.decode()
    assert Signature.objects.count() == 0


STROKES = {
    "none": "",
    "no stroke": "[]",
    "an empty stroke": "[[]]",
    "an object": '{"": 1}',
    "no JSON": "<svg onload=alert(1)>",
    "no numbers": '[[["a", 1, 2]]]',
    "booleans": "[[[true, false, true]]]",
    "not a number": "[[[NaN, 1, 2]]]",
    "endless": "[[[Infinity, 1, 2]]]",
    "beyond measure": "[[[1e308, 1, 2]]]",
    "thousands of digits": "[[[" + "9" * 5000 + ", 1, 2]]]",
    "nested": "[" * 90_000,
    "too long": "[[[1,1,1]" + ",[1,1,1]" * 30_000 + "]]",
}


@pytest.mark.parametrize("strokes", STROKES.values(), ids=STROKES)
def test_strokes_that_are_none_are_refused_in_words(at_the_end, strokes):
    page = at_the_end.post("review", method="drawn", strokes=strokes)
    errors = page.context["form"].errors
    assert (page.status_code, errors.keys()) == (200, {"strokes"})
    assert str(errors["strokes"][0]) in page.content.decode()
    assert Signature.objects.count() == 0


def test_markup_and_line_breaks_are_text_on_the_pages_of_both(phone, opened, browse, counsellor):
    phone.answer(2, "ask", text=SCRIPT)
    phone.answer(3, "ask", text=LINES)
    staff = browse(counsellor).get(f"/consent/{opened.pk}/").content.decode()
    mine = phone.get("item", 2).content.decode()
    assert [("<script>alert" in page, SHOWN in page) for page in (mine, staff)] == [
        (False, True),
        (False, True),
    ]
    phone.post("decline", reason=SCRIPT)
    staff = browse(counsellor).get(f"/consent/{opened.pk}/").content.decode()
    assert ("<script>alert" in staff, staff.count(SHOWN)) == (False, 2)


def test_no_word_of_hers_reaches_the_head_or_the_body_of_a_mail(
    phone, opened, counsellor, mailbox, now, days
):
    phone.answer(2, "ask", text=LINES)
    reply(question=opened.questions.get(), text=SCRIPT, by=counsellor, now=now - days(1))
    # Leaves at any hour of the day at which the tests run.
    Outbox.objects.filter(kind="question_answered").update(urgent=True)
    deliver_due()
    (mail,) = [m for m in mailbox if m["To"] == "xiaoman@client.example"]
    whole = mail.as_string() + "".join(part.get_content() for part in mail.iter_parts())
    assert [word in whole for word in ("thief", "第三行", "alert")] == [False] * 3
    assert mail["Bcc"] is None


@pytest.fixture
def document(ready, client_person, counsellor, now) -> tuple[Signature, bytes]:
    """A sealed document whose signer wrote hostile text wherever she could."""
    item = ready.asked_items()[1]
    by = {"by": client_person, "now": now}
    answer(request=ready, item=item, choice="ask", text=SCRIPT + "\r\n" + LINES, **by)
    reply(question=ready.questions.get(), text=SCRIPT, by=counsellor, now=now)
    answer(request=ready, item=item, choice="agree", **by)
    phone = Phone(ready)
    phone.browser.defaults["HTTP_USER_AGENT"] = "<b>\ue000Ünïcode\x1b[31m😀" + "x" * 900
    hers = "<i>{client_name}</i>"
    assert phone.begin().sign(hers, again=hers).url == phone.address("done")
    signature = Signature.objects.get()
    countersign(request=signature.request, by=counsellor, now=now)
    made = Document.objects.get()
    make(made.pk, now)
    made.refresh_from_db()
    assert (made.state, made.reason) == ("sealed", "")
    return signature, read_file(made.file)


def test_it_stands_as_text_in_the_evidence_and_in_the_sealed_document(document):
    signature, content = document
    evidence = json.loads(signature.evidence)
    assert [q["text"] for q in evidence["questions"]] == [SCRIPT + "\r\n" + LINES]
    assert evidence["signature"]["name"] == "<i>{client_name}</i>"
    assert evidence["device"]["agent"] == "<b>?" + evidence["device"]["agent"][4:]
    assert len(evidence["device"]["agent"]) == 300
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    run = "".join(text.split())
    for words in (SCRIPT, "Bcc: thief@example.com", "<i>{client_name}</i>", "<b>?"):
        assert "".join(words.split()) in run
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert ("/OpenAction" in pdf.Root, "/JavaScript" in pdf.Root.get("/Names", {})) == (
            False,
            False,
        )
