"""A corrected address kills the old link at once; the new one goes to the new address only."""

import pytest
from django.test import Client
from django.urls import reverse

from clinic.clients.actions import change_client
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from consent.actions import resend
from consent.signing import ask_new_link


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
