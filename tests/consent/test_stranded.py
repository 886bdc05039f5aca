"""A form that nobody could countersign: its case, or its psychologist's account, was closed."""

import re

import pytest
from django.utils import timezone
from django.utils.translation import override

from clinic.accounts.actions import change_account, close_account, reopen_account
from clinic.clients.actions import close_case, reopen_case
from clinic.errors import Refused
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.roles import Role
from clinic.kernel.tasks.todo import todos_for
from consent.actions import countersign, expire, record_explanation, reply
from consent.models import Request
from consent.new_link import ask_new_link
from consent.reminders import BY, mail_again, remind
from consent.signing import answer, sign
from tests.consent.conftest import DEVICE
from tests.consent.phone import Phone, template

CLIENT = "xiaoman@client.example"
WAYS = ("case", "account", "role")


@pytest.fixture
def close(case, counsellor, admin, now):
    """``close(way)`` closes case or account, or takes the role; returns what undoes it."""

    def closing(way: str):
        if way == "case":
            close_case(case=case, reason="示範", by=counsellor, now=now)
            return lambda: reopen_case(case=case, by=counsellor, now=now)
        of_her = {"user": counsellor, "by": admin, "now": now}
        if way == "role":
            before = {"name": counsellor.name, "roles": counsellor.roles}
            change_account(**of_her, name=counsellor.name, roles=[Role.ADMIN])
            return lambda: change_account(**of_her, **before)
        close_account(**of_her)
        return lambda: reopen_account(**of_her)

    return closing


def fresh(request) -> Request:
    return Request.objects.get(pk=request.pk)


@pytest.mark.parametrize("way", WAYS)
def test_she_is_asked_to_call_and_goes_on_where_she_was_once_it_is_open_again(ready, close, way):
    phone = Phone(ready).begin()
    reopen = close(way)
    for page in (phone.get("start"), phone.get("review"), phone.get("item", 2)):
        assert (page.status_code, template(page)) == (410, "ended")
        assert "tel:0000000001" in page.content.decode()
    phone.sign()
    assert fresh(ready).state == "ready_to_sign"
    reopen()
    phone.sign()
    assert fresh(ready).state == "signed"


def test_a_neutral_number_stands_there_for_who_asked_for_one(ready, client_person, close, clinic):
    phone = Phone(ready).begin()
    client_person.neutral_contact = True
    client_person.save()
    close("case")
    page = phone.get("start").content.decode()
    assert (clinic.neutral_phone in page, clinic.phone in page) == (True, False)


@pytest.mark.parametrize("way", WAYS)
def test_neither_an_answer_nor_a_signature_is_taken(ready, client_person, close, now, way):
    close(way)
    item = ready.asked_items()[0]
    signed = {"method": "typed", "name": "江小滿", "strokes": "", "device": DEVICE}
    for act in (
        lambda: answer(request=ready, item=item, choice="agree", by=client_person, now=now),
        lambda: sign(request=ready, **signed, by=client_person, now=now),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "consent.stranded"


@pytest.mark.parametrize("way", WAYS)
def test_no_mail_about_it_leaves_and_no_link_is_made_anew(
    request_sent, close, counsellor, now, days, mailbox, way
):
    link = Link.objects.get(subject=request_sent.occasion)
    close(way)
    remind(now + days(2))
    with pytest.raises(Refused):
        mail_again(request=fresh(request_sent), kind="consent_reminder_day2", by=BY, now=now)
    ask_new_link(link=link, now=now)
    Outbox.objects.update(not_before=now - days(1), urgent=True)
    deliver_due()
    rows = Outbox.objects.filter(recipient__startswith="person")
    told = [(row.kind, row.state, row.reason) for row in rows]
    assert told == [("consent_request", "dropped", "case or account closed")]
    assert [mail for mail in mailbox if mail["To"] == CLIENT] == []
    assert Link.objects.get(pk=link.pk).issue == link.issue


def test_a_copy_that_was_sealed_is_hers_even_so(signed, counsellor, close, now):
    countersign(request=signed.request, by=counsellor, now=now)
    close("account")
    mail_again(request=fresh(signed.request), kind="signed_copy", by=counsellor, now=now)
    assert Outbox.objects.filter(kind="signed_copy").count() == 1


def test_administrators_hear_how_many_are_left_behind_and_never_whose(
    ready, close, admin, counsellor, client_person
):
    def told() -> list[str]:
        with override("en"):
            found = todos_for(admin, timezone.now())
            return [str(t.title) for t in found if t.action_url == f"/staff/{counsellor.pk}/"]

    before = told()
    close("account")
    said = "guyu no longer sees clients; consent forms under way: 1"
    assert [words for words in told() if words not in before] == [said]
    assert [words for words in told() if client_person.name in words] == []


def test_an_expired_one_is_not_woken_while_nobody_could_countersign_it(
    request_sent, close, now, days
):
    late = now + days(30)
    expire(request=request_sent, by=BY, now=late)
    close("case")
    ask_new_link(link=Link.objects.get(subject=request_sent.occasion), now=late)
    assert fresh(request_sent).state == "expired"


@pytest.mark.parametrize("way", WAYS)
def test_who_has_signed_is_asked_to_call_and_promised_no_countersignature(
    signed, close, client_person, counsellor, way
):
    choose_english(signed.request)
    phone = Phone(signed.request).begin()
    close(way)
    page = phone.get("done")
    kept = "Your signature is kept. We tell you how it goes on."
    assert page.context["steps"] == [("now", "Please call the clinic.", kept)]
    assert "tel:0000000001" in page.content.decode()


def test_in_a_closed_case_nothing_is_answered_or_explained(ready, client_person, close, now):
    item, by = ready.asked_items()[0], ready.case.counsellor
    answer(request=ready, item=item, choice="ask", text="為什麼？", by=client_person, now=now)
    question = ready.questions.select_related("request").get()
    mails = Outbox.objects.count()
    close("case")
    row = Request.objects.select_related("case").get(pk=ready.pk)
    question.request = row
    for act in (
        lambda: reply(question=question, text="因為。", by=by, now=now),
        lambda: record_explanation(
            request=row, at=now, channel="video", items=[item.code], by=by, now=now
        ),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "consent.case_closed"
    assert Outbox.objects.count() == mails


def test_the_page_of_a_closed_case_says_so_and_offers_only_to_revoke(ready, close, browse):
    browser, page = browse(ready.case.counsellor), f"/consent/{ready.pk}/"
    browser.cookies["language"] = "en"
    open_ones = actions_on(browser.get(page))
    close("case")
    closed = browser.get(page)
    assert (len(open_ones) > 1, actions_on(closed)) == (True, [f"{page}revoke/"])
    assert "Nothing more can be signed here." in closed.content.decode()


def actions_on(page) -> list[str]:
    """What can be done to the request on its page: forms, and links to forms."""
    return re.findall(r'(?:action|href)="(/consent/\d+/[^"]+)"', page.content.decode())


def choose_english(request) -> None:
    Request.objects.filter(pk=request.pk).update(language="en")
