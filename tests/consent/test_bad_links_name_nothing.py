"""Others may open her mail: what a link says that is cut or sent too late names no clinic."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from clinic.kernel.links.actions import issue_link
from tests.consent.phone import link_of

NAMING = {
    "zh-hant": ("廿四節氣", "諮商", "心理", "本機構", "前往今天", 'href="/"'),
    "en": ("Solar", "ounsel", "linic", "sychol", "Today", 'href="/"'),
}


def named(page, language: str) -> list[str]:
    """Return what the page says that names the clinic, or leads to the staff's pages."""
    text = page.content.decode()
    return [word for word in NAMING[language] if word in text]


@pytest.mark.parametrize("language", NAMING)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_cut_names_neither_counselling_nor_the_clinic(
    request_sent, method, language
):
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = getattr(browser, method)(reverse("link", args=[link_of(request_sent).token[:-1]]))
    assert (page.status_code, named(page, language)) == (404, [])


@pytest.mark.parametrize(
    ("language", "where"),
    [("zh-hant", "在臺灣，現在有人有危險"), ("en", "in Taiwan is in danger now")],
)
def test_a_link_that_was_cut_names_the_numbers_for_danger_and_no_helpline(
    request_sent, language, where
):
    """A helpline would tell whoever reads along what the link was for."""
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get(reverse("link", args=[link_of(request_sent).token[:-1]])).content.decode()
    assert (re.findall(r'href="tel:(\d+)"', page), where in page) == (["119", "110"], True)


@pytest.mark.parametrize("language", NAMING)
@pytest.mark.parametrize("address", ["/x/", "/l/", "/d/1/nothing-here/"])
def test_an_address_that_is_none_names_neither(request_sent, language, address):
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get(address)
    assert (page.status_code, named(page, language)) == (404, [])


@pytest.mark.parametrize("language", NAMING)
def test_a_new_link_asked_for_without_cookies_names_neither(request_sent, language):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = strict.post(reverse("consent_new_link", args=[link_of(request_sent).token]))
    assert (page.status_code, named(page, language)) == (403, [])


def test_the_link_of_an_account_still_says_whose_it_is(request_sent, counsellor, clinic, now, days):
    link = issue_link(
        purpose="password_reset",
        subject=f"user:{counsellor.pk}",
        lasts=days(1),
        by=counsellor,
        now=now,
    )
    page = Client().get(reverse("link", args=[link.token]))
    assert (page.status_code, clinic.name in page.content.decode()) == (200, True)
