"""What was sent when nothing took it any more: nobody is told that it was saved."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from clinic.clients.actions import close_case
from clinic.kernel.links import cookie
from consent.models import Answer, Question, Signature
from tests.consent.phone import Phone

SAVED = "Everything you answered is saved"
NOT_SAVED = "What you just sent was not saved; what you answered before is."
AGAIN = "open its link once more: there you can send it again."


def begun(request) -> Phone:
    """The phone of somebody who reads English, with the link open."""
    request.language = "en"
    request.save(update_fields=["language"])
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return Phone(request, browser).begin()


def said(page) -> tuple[int, list[bool]]:
    """Return the status, and whether it says: all is saved, this is not, where to send it again."""
    text = page.content.decode()
    return page.status_code, [words in text for words in (SAVED, NOT_SAVED, AGAIN)]


def test_an_answer_sent_with_an_ended_cookie_is_not_called_saved(request_sent):
    phone = begun(request_sent)
    late = timezone.now() + timedelta(seconds=cookie.LASTS + 2)
    with time_machine.travel(late, tick=True):
        page = phone.answer(2, "ask", text="還在嗎？")
    assert (said(page), Question.objects.count()) == ((410, [False, True, True]), 0)


def test_a_signature_sent_with_an_ended_cookie_is_not_called_saved(ready):
    phone = begun(ready)
    late = timezone.now() + timedelta(seconds=cookie.LASTS + 2)
    with time_machine.travel(late, tick=True):
        page = phone.sign()
    assert (said(page), Signature.objects.count()) == ((410, [False, True, True]), 0)


def test_who_only_opens_a_page_with_an_ended_cookie_reads_that_her_answers_are_saved(request_sent):
    phone = begun(request_sent)
    late = timezone.now() + timedelta(seconds=cookie.LASTS + 2)
    with time_machine.travel(late, tick=True):
        page = phone.get("item", 2)
    assert said(page) == (410, [True, False, False])


@pytest.mark.parametrize("end", ["address", "case"])
def test_what_a_dead_or_stranded_link_did_not_take_is_not_called_saved(
    request_sent, client_person, case, counsellor, now, end
):
    phone = begun(request_sent)
    if end == "address":
        client_person.email = "another@client.example"
        client_person.save()
    else:
        close_case(case=case, reason="goals reached", by=counsellor, now=now)
    seen = [said(phone.get("item", 1)), said(phone.answer(1))]
    assert seen == [(410, [True, False, False]), (410, [False, True, False])]
    assert Answer.objects.count() == 0
