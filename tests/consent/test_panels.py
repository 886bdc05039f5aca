"""What consent shows on a client's page."""

from datetime import timedelta

import pytest

from consent.actions import countersign
from consent.models import Validity


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


def test_a_consent_that_was_replaced_is_not_shown_as_one_that_counts(
    signed, client_person, counsellor, page_of, now
):
    countersign(request=signed.request, by=counsellor, now=now)
    assert "no longer in force" not in page_of(client_person)
    Validity.objects.update(ended_by="replaced", in_force=(now, now + timedelta(days=1)))
    assert "no longer in force" in page_of(client_person)


def test_where_nothing_was_sent_it_says_so(case, client_person, page_of):
    assert "No consent form has been sent yet." in page_of(client_person)


def test_it_is_sent_from_the_case_alone(case, forms, client_person, page_of):
    assert f"/cases/{case.pk}/consent/" not in page_of(client_person)
