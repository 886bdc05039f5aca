"""The signer's way by HTTP: scanners, the birth date, answering, signing, and what comes after."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document
from clinic.kernel.files.store import read_file
from clinic.kernel.links.models import Link, LinkUse
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.people.birth_proof import MOST_TRIES
from consent.actions import countersign, reply, resend
from consent.models import Answer, RequestEvent, Signature
from consent.publishing import publish_forms, save_particulars
from consent.reminders import send_copies
from tests.consent.conftest import explain, particulars
from tests.consent.phone import Phone, everything, link_of, template

ANSWERS = {"Q-disconnection": "a", "Q-emergency": "b"}


@pytest.fixture
def phone(request_sent) -> Phone:
    """A phone that has not opened its link yet."""
    return Phone(request_sent)


@pytest.fixture
def begun(phone) -> Phone:
    return phone.begin()


@pytest.fixture
def at_the_end(ready) -> Phone:
    """A phone before the signature."""
    return Phone(ready).begin()


def events(request) -> list[str]:
    return list(RequestEvent.objects.filter(request=request).values_list("what", flat=True))


def test_scanners_and_previews_change_nothing_and_then_it_still_signs(ready):
    phone, before = Phone(ready), everything()
    for headers in ({}, {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}):
        for _time in range(20):
            browser = Client(headers=headers)
            for ask in (browser.get, browser.head):
                assert (ask(phone.mailed).status_code, Phone(ready, browser).cookies) == (200, [])
    assert (everything(), LinkUse.objects.count()) == (before, 0)
    assert phone.begin().sign().url == phone.address("done")
    assert Signature.objects.count() == 1


def test_the_whole_way_from_the_mailed_link_to_the_signature(phone, request_sent, counsellor, now):
    assert template(phone.browser.get(phone.mailed)) == "link"
    assert phone.open().url == phone.address("start")
    place = phone.prove().url
    number = 0
    while "/items/" in place:
        number += 1
        place = phone.answer(number).url
    assert (number, place) == (request_sent.asked_items().count(), phone.address("check"))
    for question, choice in ANSWERS.items():
        place = phone.post("check", question=question, choice=choice).url
    assert place == phone.address("review")
    assert phone.get("review").context["lacks"] != []
    explain(request_sent, counsellor, now)
    assert phone.get("review").context["lacks"] == []
    assert phone.sign().url == phone.address("done")
    assert Signature.objects.get().request == request_sent
    assert phone.get("done").status_code == 200


@pytest.mark.parametrize("born", ["1992-05-20", "民國81年5月20日", "81/5/20", "1992/5/20"])
def test_the_birth_date_is_taken_in_common_and_roc_years(phone, born):
    phone.open()
    assert phone.prove(born).url == phone.address("item", 1)


def test_an_electronic_form_is_asked_for_and_paper_needs_none_of_it(phone, request_sent):
    phone.open()
    page = phone.post("start", birth_date="1992-05-20")
    assert page.context["form"].errors.keys() == {"electronic"}
    assert phone.get("paper").status_code == 200
    assert template(phone.post("paper")) == "done"
    request_sent.refresh_from_db()
    assert (request_sent.paper_wished_at is None, request_sent.electronic_at) == (False, None)
    assert "paper_wished" in events(request_sent)


def test_five_wrong_birth_dates_close_the_door_until_there_is_a_new_link(
    phone, request_sent, counsellor, browse, now
):
    phone.open()
    pages = [template(phone.prove("1980-01-01")) for _time in range(MOST_TRIES)]
    assert pages == ["start"] * (MOST_TRIES - 1) + ["locked"]
    for _time in range(3):
        assert template(phone.prove()) == "locked"
    assert [(t.kind, t.owner) for t in Task.objects.all()] == [("consent_locked", counsellor)]
    assert "consent_locked" not in browse(counsellor).get("/").content.decode()
    resend(request=request_sent, new_link=True, by=counsellor, now=now)
    assert phone.browser.get(phone.mailed).status_code == 410
    assert Phone(request_sent).begin().get("item", 1).status_code == 200


def test_another_device_goes_on_where_the_first_stopped(begun, request_sent):
    begun.answer(1)
    begun.answer(2, "later")
    other = Phone(request_sent)
    other.open()
    assert other.prove().url == other.address("item", 2)
    assert template(begun.get("item", 3)) == "item"
    assert events(request_sent).count("opened") == 1
    assert LinkUse.objects.count() == 2


def test_a_tap_is_kept_and_is_one_event_a_change(begun, request_sent):
    keep = {"X-Keep": "1"}
    for choice in ("agree", "agree", "later", "agree"):
        response = begun.answer(3, choice, headers=keep)
        assert (response.status_code, response.content) == (204, b"")
    assert begun.answer(3).url == begun.address("item", 4)
    assert [e.details["choice"] for e in request_sent.events.filter(what="answered")] == [
        "agree",
        "later",
        "agree",
    ]


def test_items_may_be_answered_in_any_order(begun, request_sent):
    total = request_sent.asked_items().count()
    assert begun.answer(total).url == begun.address("check")
    assert begun.answer(1).url == begun.address("item", 2)
    assert Answer.objects.filter(request=request_sent).count() == 2


def test_the_language_changes_on_every_page_and_keeps_the_answers(phone, request_sent):
    phone.open()
    assert phone.post("language", language="en").url == phone.address("start")
    assert "Your date of birth" in phone.get("start").content.decode()
    phone.prove()
    phone.answer(1)
    zh, en = (
        request_sent.asked_items()[0].texts["title_zh"],
        request_sent.asked_items()[0].texts["title_en"],
    )
    pages = []
    for language in ("en", "zh-hant"):
        phone.post("language", language=language)
        pages.append(phone.get("print").content.decode())
    assert [(zh in page, en in page) for page in pages] == [(False, True), (True, False)]
    assert Answer.objects.filter(request=request_sent).count() == 1


def test_a_question_is_answered_read_and_closed_with_the_same_link(
    begun, request_sent, counsellor, now
):
    begun.answer(2, "ask", text="斷線時怎麼辦？\r\n第二行")
    question = request_sent.questions.get()
    reply(question=question, text="我會打電話。\n真的。", by=counsellor, now=now)
    page = Phone(request_sent).begin().get("item", 2).content.decode()
    assert ("我會打電話。<br>真的。" in page, "第二行" in page) == (True, True)
    begun.answer(2)
    question.refresh_from_db()
    assert (question.text, question.closed_at is None) == ("斷線時怎麼辦？\r\n第二行", False)


def test_a_version_published_meanwhile_changes_nothing_of_what_is_being_signed(ready, admin, now):
    phone = Phone(ready).begin()
    before = phone.get("print").context["items"]
    save_particulars(values=particulars("（新）", " (new)"), by=admin, now=now)
    assert publish_forms(by=admin, now=now) != []
    assert phone.get("print").context["items"] == before
    phone.sign()
    assert (Signature.objects.get().request.version, ready.version.number) == (ready.version, 1)


def test_declining_ends_it_and_saying_so_twice_changes_nothing(begun, request_sent):
    assert begun.post("decline", reason="先見面談\r\n再說").url == begun.address("done")
    before = everything()
    assert begun.post("decline", reason="other").url == begun.address("done")
    assert begun.get("review").url == begun.address("done")
    assert template(begun.sign()) == "review"
    assert template(begun.answer(1)) == "item"
    request_sent.refresh_from_db()
    assert (request_sent.state, request_sent.ended_reason) == ("declined", "先見面談\r\n再說")
    assert everything(but=("django_session",)) == {
        k: v for k, v in before.items() if k != "django_session"
    }


def test_her_answers_can_be_printed_at_once(begun, request_sent):
    begun.answer(1)
    page = begun.get("print")
    (item, *_others) = request_sent.asked_items()
    assert (page.status_code, item.texts["title_zh"] in page.content.decode()) == (200, True)


def test_every_attached_document_can_be_read_and_no_other(begun):
    found = begun.get("review").context["documents"]
    assert [begun.browser.get(address).status_code for _title, address in found] == [200] * 4
    for unknown in ("individual", "annex_x", "nothing", "..", "annex_"):
        assert begun.get("read", unknown).status_code == 404


# --- After the signature -------------------------------------------------------------------------


@pytest.fixture
def sealed(signed, counsellor, now) -> Document:
    countersign(request=signed.request, by=counsellor, now=now)
    document = Document.objects.get()
    make(document.pk, now)
    document.refresh_from_db()
    assert document.state == "sealed"
    return document


def test_after_the_signature_the_same_link_says_what_comes_next(signed):
    phone = Phone(signed.request)
    phone.open()
    assert phone.prove().url == phone.address("done")
    assert phone.get("review").url == phone.address("done")
    before = everything(but=("clinic_auditentry", "clinic_audithead", "clinic_linkuse"))
    assert phone.sign().url == phone.address("done")
    after = everything(but=("clinic_auditentry", "clinic_audithead", "clinic_linkuse"))
    assert after == before


def test_the_document_stands_behind_the_birth_date(sealed, signed):
    phone = Phone(signed.request)
    assert phone.get("document").status_code == 410
    phone.open()
    assert phone.get("document").url == phone.address("start")
    phone.prove()
    response = phone.get("document")
    assert (response.content, response["Content-Type"]) == (
        read_file(sealed.file),
        "application/pdf",
    )
    assert "attachment" in response["Content-Disposition"]
    newest = AuditEntry.objects.about(sealed)[0]
    assert (newest.actor, newest.verb) == (signed.request.signer.actor_label, "record.open")


def test_there_is_no_document_before_it_is_sealed(signed, counsellor, now):
    phone = Phone(signed.request).begin()
    assert phone.get("document").status_code == 404
    countersign(request=signed.request, by=counsellor, now=now)
    assert phone.get("document").status_code == 404


def test_the_copy_is_mailed_once_and_its_link_opens_the_page_of_what_is_done(sealed, signed, days):
    later = timezone.now() + days(1)
    for minute in range(3):
        send_copies(later + timedelta(minutes=minute))
    assert Outbox.objects.filter(kind="signed_copy").count() == 1
    told = Outbox.objects.filter(kind="consent_for_psychologist", created_at__gte=later)
    assert [row.recipient for row in told] == [signed.request.case.counsellor.actor_label]
    assert link_of(signed.request).expires_at == later + days(7)
    phone = Phone(signed.request)
    phone.open()
    assert phone.prove().url == phone.address("done")
    assert phone.get("done").context["download_url"] == phone.address("document")


def test_a_copy_is_mailed_with_a_living_link_though_the_first_one_ended(
    sealed, signed, mailbox, days
):
    Link.objects.update(expires_at=timezone.now() - days(1))
    send_copies(timezone.now())
    deliver_due()
    assert Outbox.objects.get(kind="signed_copy").state == "sent"
    assert link_of(signed.request).state(timezone.now()) == "live"
    (mail,) = [mail for mail in mailbox if mail["To"] == "xiaoman@client.example"]
    assert link_of(signed.request).token in mail.get_body(["plain"]).get_content()


def test_leaving_quickly_takes_every_link_from_the_browser(opened):
    phone = Phone(opened).begin()
    assert (phone.get("item", 1).status_code, len(phone.cookies)) == (200, 1)
    assert phone.browser.post(reverse("leave")).status_code == 204
    assert (phone.get("item", 1).status_code, phone.cookies) == (410, [])
