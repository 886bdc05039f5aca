"""Paper for who has to be reached with care: no letter is promised, and none goes out unasked."""

from datetime import time

import pytest
from django.conf import settings

from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from consent.models import Request
from consent.paper import blank
from consent.signing import want_paper
from tests.consent.phone import Phone
from tests.staff.conftest import words

CAREFUL = [
    {"neutral_contact": True},
    {"never_mail": True},
    {"safe_channel": "phone"},
    {"safe_from": time(10), "safe_until": time(11)},
    {"code_word": "竹子"},
]
CAUTION = "Send nothing by post before you have asked the client"


def be(person, **values) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=[*values])


def told(phone: Phone) -> list[str]:
    """What the pages on paper say in English, before the birth date and after the wish."""
    phone.open()
    phone.post("language", language="en")
    pages = [phone.get("start"), phone.get("paper"), phone.post("paper")]
    return [words(page) for page in pages]


@pytest.mark.parametrize("way", CAREFUL, ids=lambda way: next(iter(way)))
def test_who_has_to_be_reached_with_care_is_promised_nothing_by_post(
    request_sent, client_person, way
):
    be(client_person, **way)
    start, asked, done = told(Phone(request_sent))
    promised = [
        word
        for word in ("We will post", "post it back", "sends you", "on its way")
        if word in start + asked + done
    ]
    assert promised == []
    assert ["Nothing is sent to you by post." in page for page in (start, asked)] == [True, True]
    assert ("You asked for paper" in done, "nothing is sent by post" in done) == (True, True)


def test_everybody_else_is_sent_the_paper(request_sent):
    start, asked, done = told(Phone(request_sent))
    assert ["We will post the paper form to you" in page for page in (start, asked)] == [True] * 2
    assert "The clinic sends you the paper form" in done


@pytest.mark.parametrize(
    ("language", "careful", "post"),
    [
        ("en", "Nothing is sent to you by post.", ["We will post", "post it back"]),
        ("zh-hant", "我們不會郵寄任何東西給您", ["寄給您，或請您", "再寄回"]),
    ],
)
def test_the_printed_form_promises_post_to_nobody_who_has_to_be_reached_with_care(
    request_sent, client_person, now, language, careful, post
):
    Request.objects.update(language=language)
    printed = [blank.build(request_sent.pk, 1, now).html]
    be(client_person, code_word="竹子")
    printed.append(blank.build(request_sent.pk, 1, now).html)
    assert [[words in html for words in (careful, *post)] for html in printed] == [
        [False, True, True],
        [True, False, False],
    ]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_no_mail_of_the_request_promises_anything_by_post(
    request_sent, client_person, mailbox, now, language
):
    be(client_person, code_word="竹子")
    Request.objects.update(language=language)
    Outbox.objects.filter(kind="consent_request").update(not_before=now, urgent=True)
    deliver_due()
    (mail,) = [mail for mail in mailbox if mail["To"] == client_person.email]
    body = mail.get_body(["plain"]).get_content()
    assert [word for word in ("post it", "by post", "寄紙本") if word in body] == []


def test_the_neutral_words_on_paper_name_neither_counselling_nor_the_clinic(
    request_sent, client_person
):
    be(client_person, neutral_contact=True)
    shown = " ".join(told(Phone(request_sent))[1:])
    assert [word for word in ("ounsel", "sychol", "linic") if word in shown] == []


@pytest.mark.parametrize("way", CAREFUL, ids=lambda way: next(iter(way)))
def test_whoever_prepares_the_paper_reads_how_the_client_may_be_reached(
    request_sent, client_person, counsellor, browse, now, way
):
    want_paper(request=request_sent, by=client_person, now=now)
    browser, address = browse(counsellor), f"/consent/{request_sent.pk}/"
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    plain = words(browser.get(address))
    be(client_person, **way)
    careful, home = words(browser.get(address)), words(browser.get("/"))
    assert ("Safe contact" in plain, CAUTION in plain) == (False, False)
    assert ("Safe contact" in careful, CAUTION in careful) == (True, True)
    assert "signs on paper Please use the safe way." in home
