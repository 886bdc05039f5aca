"""The titles of the signer's pages: each step has its own, and none says what it is about."""

import re

import pytest

from tests.consent.phone import Phone

SUBJECT = ("諮商", "心理", "同意", "簽", "ounsel", "sych", "onsent", "ign")


def title(response) -> str:
    return re.search(r"<title>(.*?)</title>", response.text)[1]


def titles_on_the_way(phone: Phone) -> list[str]:
    """Walk from the birth date to what comes after the signature; return the title of each page."""
    phone.open()
    found = [title(phone.get("start"))]
    phone.prove()
    _name, annex = phone.get("review").context["documents"][0]
    addresses = [phone.address("item", 1), phone.address("item", 2), annex]
    steps = ("check", "review", "print", "decline", "paper")
    addresses += [phone.address(step) for step in steps]
    found += [title(phone.browser.get(address)) for address in addresses]
    phone.sign()
    return [*found, title(phone.get("done"))]


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_step_has_a_title_of_its_own_that_tells_a_bystander_nothing(ready, language):
    ready.language = language
    ready.save(update_fields=["language"])
    found = titles_on_the_way(Phone(ready))
    assert (len(found), len({*found})) == (10, 10)
    told = (*SUBJECT, ready.signer.name, ready.case.counsellor.name, ready.version.title("zh"))
    assert [(one, word) for one in found for word in told if word in one] == []
