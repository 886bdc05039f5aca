"""What a phone loads until the first item is on it: a slow line and a small contract carry it."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse

from tests.consent.phone import Phone

MOST = 60_000  # bytes, nothing compressed
LOADED = re.compile(r'(?:href|src)="/static/([^"#]+)')


def static_files(page: HttpResponse) -> set[str]:
    return set(LOADED.findall(page.content.decode()))


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_link_birth_date_and_first_item_weigh_less_than_sixty_kilobytes(request_sent, language):
    phone = Phone(request_sent)
    phone.browser.cookies["language"] = language
    pages = [phone.browser.get(phone.mailed)]
    phone.open()
    pages.append(phone.get("start"))
    phone.prove()
    pages.append(phone.get("item", 1))
    files = set().union(*map(static_files, pages))
    weights = [len(page.content) for page in pages]
    weights += [Path(finders.find(name)).stat().st_size for name in files]
    assert ([page.status_code for page in pages], sum(weights) < MOST) == ([200] * 3, True)
    assert {name.rpartition(".")[2] for name in files} >= {"css", "js", "svg"}
