"""The demo's mails are shown whatever lies in their folder: anybody may send one there."""

from pathlib import Path

import pytest

from clinic.demo import mailbox
from tests.demo.mails import a_mail, kept_mail

STRANGE = {
    "unknown charset": (b"Content-Type: text/plain; charset=klingon\n\nok \xff\n", "ok \ufffd\n"),
    "no charset at all": (b'Content-Type: text/plain; charset="a%00b"\n\nok\n', "ok\n"),
    "a codec of no text": (b"Content-Type: text/plain; charset=hex\n\nok\n", "ok\n"),
    "a charset that refuses": (b"Content-Type: text/plain; charset=undefined\n\nok\n", "ok\n"),
    "HTML alone": (b"Content-Type: text/html\n\n<p>a &amp; <b>b</b></p>\n", "a & b\n"),
    "HTML of unknown charset": (
        b"Content-Type: text/html; charset=klingon\n\n<p>a</p>\n",
        "a\n",
    ),
    "no part": (b"Content-Type: multipart/mixed\n\nok\n", ""),
    "multipart without its text": (b"Content-Type: multipart/alternative; boundary=x\n\nok\n", ""),
    "base64 that is none": (
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!\n",
        "",
    ),
    "a file": (b"Content-Type: application/pdf\n\n%PDF\n", ""),
    "an attachment": (
        b"Content-Type: text/plain\nContent-Disposition: attachment\n\nok\n",
        "",
    ),
    "nothing": (b"", ""),
    "bytes": (b"\n\xff\xfe", "\ufffd\ufffd"),
}


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.DEMO, settings.DEMO_MAIL_DIR = True, str(tmp_path)
    return tmp_path


@pytest.mark.parametrize("strange", STRANGE)
def test_a_strange_mail_is_shown_as_far_as_it_goes(folder, strange):
    content, text = STRANGE[strange]
    name = kept_mail(content, "1-ab")
    assert [mail.text for mail in mailbox.mails()] == [text]
    assert mailbox.find(name).text == text


@pytest.mark.parametrize("sender", ["<", "a@[", '"', "\udcff <", ""])
def test_a_sender_who_is_none_is_shown_as_written(folder, sender):
    kept_mail(b"From: " + sender.encode(errors="surrogateescape") + b"\n\nok\n", "1-ab")
    (mail,) = mailbox.mails()
    assert (mail.sender, mail.recipient, mail.text) == (sender.replace("\udcff", "?"), "", "ok\n")


def test_an_entry_that_cannot_be_read_is_left_out(folder):
    (folder / "2-ab.eml").mkdir()
    (folder / "3-ab.eml").symlink_to(folder / "gone")
    name = a_mail("1-ab")
    assert [mail.id for mail in mailbox.mails()] == [name]
    assert [mailbox.find(one) for one in ("2-ab", "3-ab", "4-ab")] == [None, None, None]


@pytest.mark.django_db
def test_the_list_stays_when_one_mail_is_strange(folder, client):
    a_mail("2-ab")
    kept_mail(b"Subject: strange\n" + STRANGE["unknown charset"][0], "1-ab")
    page = client.get("/demo/mail/")
    assert [mail.subject for mail in page.context["mails"]] == ["帳號設定", "strange"]
    assert client.get("/demo/mail/1-ab/").status_code == 200
