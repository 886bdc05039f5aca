"""What is signed is what was shown: introduction, telephone wording (G0.2) and notes of items."""

import json

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from tests.consent.phone import Phone


@pytest.fixture
def read(ready) -> dict[str, str]:
    """Every page behind the link that shows the form, by name."""
    phone = Phone(ready).begin()
    codes = [*ready.asked_items().values_list("code", flat=True)]
    pages = {code: phone.get("item", codes.index(code) + 1) for code in ("A2", "A4", "A7")}
    pages |= {name: phone.get(name) for name in ("review", "print")}
    return {name: page.content.decode() for name, page in pages.items()}


def test_the_introduction_that_is_signed_is_read_before_the_signature(read):
    words = "文中的「本機構」是指"
    assert [name for name in ("review", "print") if words not in read[name]] == []


SAID = {
    "A2": "以電話進行、沒有鏡頭時",
    "A4": "以電話進行時沒有鏡頭",
    "A7": "這一項不影響您在諮商中談自己的想法",
}


def test_what_holds_by_telephone_and_what_stays_free_is_read(read):
    found = {code: (said in read[code], said in read["print"]) for code, said in SAID.items()}
    assert found == dict.fromkeys(SAID, (True, True))


def test_and_it_is_signed(signed):
    items = {item["code"]: item["text"] for item in json.loads(signed.evidence)["items"]}
    assert {code: said in items[code] for code, said in SAID.items()} == dict.fromkeys(SAID, True)


@pytest.mark.parametrize(("item", "words"), [("N1", "understood"), ("A1", "agrees")])
def test_the_list_of_events_says_what_she_chose(item, words):
    event = {"what": "answered", "details": {"item": item, "choice": "agree"}}
    with override("en"):
        said = render_to_string("consent/event_words.html", {"event": event})
    assert said.strip() == f"answered item {item}・{words}"
