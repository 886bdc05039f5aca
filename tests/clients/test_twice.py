"""One person, one file: who is on file already is not added again by mistake."""

from threading import Barrier, Thread

import pytest
from django.db import connections
from django.urls import reverse

from clinic.clients.actions import register_client
from clinic.errors import Refused
from clinic.people.models import Person
from tests.clients.test_views import LEAST

VALUES = {"name": "何處暑", "sex": "male", "birth_date": "1955-08-23"}


def sent(browser, **more):
    return browser.post(reverse("client_add"), LEAST | more)


def test_the_same_name_and_birth_date_are_asked_about_and_kept(browse, counsellor, town):
    browser = browse(counsellor)
    sent(browser)
    page = sent(browser, phone="0000-000-012")
    form = page.context["form"]
    assert ([*form.errors], form["phone"].value()) == (["another"], "0000-000-012")
    assert 'name="another"' in page.content.decode()
    assert Person.objects.count() == 1


def test_another_person_is_added_once_that_is_said(browse, counsellor, town):
    browser = browse(counsellor)
    sent(browser)
    assert (sent(browser, another="on").status_code, Person.objects.count()) == (302, 2)


def test_the_question_is_not_asked_before(browse, counsellor, town):
    page = browse(counsellor).get(reverse("client_add")).content.decode()
    assert 'name="another"' not in page


def test_somebody_elses_client_is_not_given_away(browse, counsellor, stranger, town):
    sent(browse(stranger))
    assert sent(browse(counsellor)).status_code == 302


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_form_sent_twice_at_one_moment_adds_one_file(counsellor, now):
    start, outcomes = Barrier(2), []

    def send() -> None:
        start.wait()
        try:
            register_client(values=VALUES, by=counsellor, now=now)
            outcomes.append("added")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), Person.objects.count()) == (["added", "person.known"], 1)
