"""A link that five wrong birth dates locked: the request says so, and how it opens again."""

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from clinic.kernel.links.models import Link
from clinic.kernel.tasks.models import Task
from clinic.people.birth_proof import MOST_TRIES
from clinic.templatetags.ui import when
from clinic.today.rows import stored_tasks
from consent.actions import resend, revoke
from consent.dead_links import requests_of
from tests.consent.phone import Phone, template

SINCE = "The link is locked since"
THEN = "Then send it again: that makes a new link."
PAPER = "Then go on by paper."
COPY = "once it is sealed, print the copy"


@pytest.fixture
def phone(request_sent, now) -> Phone:
    """Her phone, after five wrong birth dates."""
    phone = Phone(request_sent)
    with time_machine.travel(now, tick=False):
        phone.open()
        for _time in range(MOST_TRIES):
            phone.prove("1980-01-01")
    return phone


@pytest.fixture
def read(counsellor, browse, now):
    counsellor.language = "en"
    counsellor.save(update_fields=["language"])

    def read(address: str) -> str:
        with time_machine.travel(now, tick=False):
            return browse(counsellor).get(address).content.decode()

    return read


def page(request) -> str:
    return reverse("consent_request", args=[request.pk])


def test_the_page_of_the_request_says_since_when_and_what_to_do(
    request_sent, phone, counsellor, read, now
):
    assert f"{SINCE} {when(now)}: the date of birth did not match" in read(page(request_sent))
    before = [words in read(page(request_sent)) for words in (THEN, PAPER)]
    resend(request=request_sent, by=counsellor, now=now)
    after = [words in read(page(request_sent)) for words in (SINCE, THEN, PAPER)]
    assert (before, after) == ([True, False], [False] * 3)


def test_who_is_not_mailed_goes_on_by_paper(request_sent, client_person, phone, read):
    client_person.never_mail = True
    client_person.save()
    text = read(page(request_sent))
    assert [words in text for words in (SINCE, THEN, PAPER)] == [True, False, True]


def test_who_signed_already_gets_the_copy_and_no_paper(signed, client_person, read):
    Link.objects.update(wrong_tries=MOST_TRIES)
    client_person.never_mail = True
    client_person.save()
    text = read(page(signed.request))
    assert [words in text for words in (THEN, PAPER, COPY)] == [False, False, True]


def test_a_request_that_was_taken_back_opens_no_more(request_sent, phone, counsellor, read, now):
    revoke(request=request_sent, by=counsellor, now=now)
    assert SINCE not in read(page(request_sent))


def test_the_to_do_says_the_next_step_and_leads_to_the_request(
    request_sent, phone, counsellor, read
):
    with override("en"):
        (row,) = stored_tasks(counsellor)
    assert row.detail == (
        "To 江小滿. Please telephone. Correct the birth date on file if it is wrong. "
        "Then send the consent form again, on its page: that makes a new link."
    )
    assert f'<a href="{page(request_sent)}">Go to the consent form</a>' in read("/")


def test_nobody_is_led_to_a_request_that_is_not_theirs_to_see(
    phone, counsellor, stranger, django_assert_num_queries
):
    tasks = list(Task.objects.all())
    found = [len(requests_of(tasks, user)) for user in (counsellor, stranger)]
    assert found == [1, 0]
    with django_assert_num_queries(0):
        requests_of([Task(kind="undeliverable", key="1")], counsellor)


def test_sent_again_it_opens_and_the_to_do_is_done(request_sent, phone, counsellor, now):
    resend(request=request_sent, by=counsellor, now=now)
    assert (Task.objects.get().done_by, Link.objects.get().wrong_tries) == (counsellor, 0)
    assert template(Phone(request_sent).begin().get("item", 1)) == "item"
