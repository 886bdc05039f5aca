"""What consent shows on a client's page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.people.models import Person
from consent.actions import countersign
from consent.models import Validity
from consent.publishing import publish_forms
from consent.requirements import GRACE
from tests.consent.test_columns import reword


@pytest.fixture
def page_of(counsellor, browse):
    """``page_of(person)`` is the client's page as her psychologist reads it."""
    browser = browse(counsellor)
    browser.cookies["language"] = "en"

    def page_of(person) -> str:
        return browser.get(f"/clients/{person.pk}/").content.decode()

    return page_of


def test_a_client_page_shows_what_she_was_asked_to_sign(request_sent, client_person, page_of):
    link = f'href="/consent/{request_sent.pk}/"'
    assert link in page_of(client_person)


def test_nobody_is_offered_to_ask_a_minor(
    case, forms, client_person, counsellor, browse, days, now
):
    browser = browse(counsellor)
    browser.cookies["language"] = "en"
    words, pages = ("Prepare it on paper", "This client is under 18"), []
    for born in (timezone.localdate(now) - days(17 * 365), client_person.birth_date):
        Person.objects.update(birth_date=born)
        page = browser.get(f"/cases/{case.pk}/").content.decode()
        pages.append([said in page for said in words])
    assert pages == [[False, True], [True, False]]


def test_a_consent_that_was_replaced_is_not_shown_as_one_that_counts(
    signed, client_person, counsellor, page_of, now
):
    countersign(request=signed.request, by=counsellor, now=now)
    assert "no longer in force" not in page_of(client_person)
    Validity.objects.update(ended_by="replaced", in_force=(now, now + timedelta(days=1)))
    assert "no longer in force" in page_of(client_person)


def test_the_case_and_the_client_say_of_a_signed_form_that_its_version_was_replaced(
    signed, case, client_person, counsellor, admin, browse, page_of, days, now
):
    reword("另一個說法（示範）")
    publish_forms(by=admin, now=now - days(1))
    day = timezone.localdate(now - days(1) + GRACE).isoformat()
    browser = browse(counsellor)
    browser.cookies["language"] = "en"
    pages = [browser.get(f"/cases/{case.pk}/").content.decode(), page_of(client_person)]
    words = "signed on an older version, good until"
    assert [words in page and day in page for page in pages] == [True, True]


def test_where_nothing_was_sent_it_says_so(case, client_person, page_of):
    assert "No consent form has been sent yet." in page_of(client_person)


def test_it_is_sent_from_the_case_alone(case, forms, client_person, page_of):
    assert f"/cases/{case.pk}/consent/" not in page_of(client_person)
