"""A corrected address kills the old link at once; the new one goes to the new address only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from clinic.clients.actions import change_client
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.todo import todos_for
from consent.actions import countersign, resend
from consent.new_link import ask_new_link
from consent.reminders import mail_again
from tests.consent.phone import Phone


@pytest.fixture
def link(request_sent):
    return Link.objects.get(purpose="consent", subject=request_sent.occasion)


def exchanged(link):
    browser = Client()
    answer = browser.post(reverse("link", args=[link.token]))
    return browser, answer.url


def test_a_link_mailed_to_an_old_address_opens_nothing(request_sent, link, counsellor, now):
    browser, start = exchanged(link)
    assert browser.get(start).status_code == 200
    person = request_sent.signer
    change_client(person=person, values={"email": "neu@client.example"}, by=counsellor, now=now)
    assert browser.get(start).status_code == 410


def test_sending_again_after_a_correction_makes_a_new_link(request_sent, link, counsellor, now):
    old = link.token
    change_client(
        person=request_sent.signer,
        values={"email": "neu@client.example"},
        by=counsellor,
        now=now,
    )
    request_sent.refresh_from_db()
    resend(request=request_sent, by=counsellor, now=now)
    link.refresh_from_db()
    assert (link.issue, link.token == old) == (2, False)
    browser, start = exchanged(link)
    assert browser.get(start).status_code == 200


def test_sending_again_to_the_same_address_keeps_the_link(request_sent, link, counsellor, now):
    resend(request=request_sent, by=counsellor, now=now)
    link.refresh_from_db()
    assert link.issue == 1


def test_a_link_mailed_to_an_old_address_brings_no_mail_to_the_new_one(
    request_sent, link, counsellor, now
):
    person = request_sent.signer
    change_client(person=person, values={"email": "neu@client.example"}, by=counsellor, now=now)
    ask_new_link(link=link, now=now)
    assert Outbox.objects.filter(kind="new_link").count() == 0


def sent_late(person, email: str, by, now) -> None:
    """The address is corrected after the mail was written, before the worker comes."""
    change_client(person=person, values={"email": email}, by=by, now=now)
    Outbox.objects.update(not_before=now - timedelta(days=1), urgent=True)
    deliver_due()


def test_a_mail_on_its_way_carries_a_link_that_opens_at_the_corrected_address(
    request_sent, link, counsellor, mailbox, now
):
    old = link.token
    sent_late(request_sent.signer, "neu@client.example", counsellor, now)
    (mail,) = mailbox
    link.refresh_from_db()
    browser, start = exchanged(link)
    assert [token in whole(mail) for token in (old, link.token)] == [False, True]
    assert (mail["To"], browser.get(start).status_code) == ("neu@client.example", 200)


def test_so_does_the_copy_that_staff_could_not_send_again(
    signed, counsellor, client_person, mailbox, now
):
    countersign(request=signed.request, by=counsellor, now=now)
    mail_again(request=signed.request, kind="signed_copy", by=counsellor, now=now)
    sent_late(client_person, "neu@client.example", counsellor, now)
    phone = Phone(signed.request).begin()
    (copy,) = [mail for mail in mailbox if phone.link.token in whole(mail)]
    assert (copy["To"], phone.get("done").status_code) == ("neu@client.example", 200)


@pytest.mark.parametrize("email", ["", "neu@client.example"])
def test_today_tells_of_a_link_that_died_with_its_address(
    request_sent, client_person, counsellor, now, email
):
    change_client(person=client_person, values={"email": email}, by=counsellor, now=now)
    with override("en"):
        told = [str(t.title) for t in todos_for(counsellor, now) if t.icon == "mail"]
    assert told == ["The link that 江小滿 was mailed no longer works"]


def whole(mail) -> str:
    return "".join(part.get_content() for part in mail.iter_parts())


def test_where_no_newer_mail_was_sent_none_is_spoken_of_but_a_number_to_call(
    request_sent, link, counsellor, now
):
    browser, start = exchanged(link)
    person = request_sent.signer
    change_client(person=person, values={"email": "neu@client.example"}, by=counsellor, now=now)
    page = browser.get(start)
    assert (page.status_code, page.context["state"]) == (410, "dead")
    told = page.content.decode()
    assert ("tel:0000000001" in told, reverse("consent_new_link", args=["x"])[:-2] in told) == (
        True,
        False,
    )
