"""Who reads English finds the clinic by its English name, wherever one is recorded."""

import pytest

from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from consent.actions import countersign
from consent.documents import build
from consent.models import Request
from consent.paper import blank
from consent.paper.actions import change_to_paper
from consent.signing import sign
from tests.consent.conftest import DEVICE
from tests.consent.phone import Phone
from tests.staff.conftest import words

LANGUAGES = ["en", "zh-hant"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clients_page_names_the_clinic_in_the_language_of_the_page(
    request_sent, clinic, language
):
    phone = Phone(request_sent).begin()
    phone.post("language", language=language)
    told = words(phone.get("item", 1))
    english = language == "en"
    assert (clinic.name_en in told, clinic.name in told) == (english, not english)


def test_without_an_english_name_the_legal_one_stands_there(request_sent, clinic):
    clinic.name_en = ""
    clinic.save(update_fields=["name_en"])
    phone = Phone(request_sent).begin()
    phone.post("language", language="en")
    assert clinic.name in words(phone.get("item", 1))


def test_who_asked_for_neutral_words_reads_neither_before_her_birth_date(
    request_sent, client_person, clinic
):
    client_person.neutral_contact = True
    client_person.save(update_fields=["neutral_contact"])
    phone = Phone(request_sent)
    phone.open()
    phone.post("language", language="en")
    told = words(phone.get("start"))
    assert [name in told for name in (clinic.name, clinic.name_en, clinic.neutral_name)] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sealed_document_names_it_in_its_language_and_by_its_legal_name(
    ready, client_person, counsellor, clinic, now, language
):
    Request.objects.update(language=language)
    ready.refresh_from_db()
    values = {"method": "typed", "name": client_person.name, "strokes": "", "device": DEVICE}
    signature = sign(request=ready, **values, by=client_person, now=now)
    countersign(request=signature.request, by=counsellor, now=now)
    head = build(signature.pk, 1, now).html.partition("</dl>")[0]
    assert (clinic.name_en in head, head.count(clinic.name)) == (language == "en", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_the_form_to_be_printed(request_sent, counsellor, clinic, now, language):
    Request.objects.update(language=language)
    change_to_paper(request=Request.objects.get(), by=counsellor, now=now)
    head = blank.build(request_sent.pk, 1, now).html.partition("</dl>")[0]
    assert (clinic.name_en in head, head.count(clinic.name)) == (language == "en", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_names_it_in_the_language_of_the_form(request_sent, clinic, mailbox, language, now):
    Request.objects.update(language=language)
    Outbox.objects.filter(kind="consent_request").update(not_before=now, urgent=True)  # at any hour
    deliver_due()
    (mail,) = [mail for mail in mailbox if mail["To"] == request_sent.signer.email]
    text = mail.get_body(["plain"]).get_content()
    english = language == "en"
    assert (clinic.name_en in text, clinic.name in text) == (english, not english)
