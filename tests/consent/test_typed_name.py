"""A typed name that is not the one on file: asked about once, and shown to who countersigns."""

import re

import pytest

from consent.models import Signature
from tests.consent.phone import Phone


@pytest.fixture
def phone(ready) -> Phone:
    return Phone(ready).begin()


def test_another_name_is_asked_about_once_and_then_taken(phone):
    phone.post("language", language="en")
    page = phone.sign("江曉滿").content.decode()
    shown = ("This is not the name on file. If it is right, press once more.", 'value="江曉滿"')
    assert [words in page for words in shown] == [True, True]
    assert Signature.objects.count() == 0
    assert phone.sign("江曉滿", again="江曉滿").url == phone.address("done")


def test_the_name_is_described_by_what_is_wrong_with_it(phone):
    described = r'<input[^>]* id="name"[^>]* aria-describedby="([^"]+)"'
    pages = phone.get("review"), phone.sign("江曉滿")
    places = [re.search(described, page.text)[1].split() for page in pages]
    assert places == [["name_help"], ["name_help", "id_name_error"]]
    wrong = pages[1].text
    assert (
        wrong.index('role="alert"') < wrong.index('id="id_name_error"') < wrong.index('id="name"')
    )


def test_a_third_name_is_asked_about_anew(phone):
    assert phone.sign("江小蠻", again="江曉滿").context["form"].errors.keys() == {"name"}


@pytest.mark.parametrize("name", ["江小滿", " 江 小 滿 ", "chiang hsiaoman", "CHIANG Hsiao-Man"])
def test_the_name_on_file_is_taken_however_it_is_written(phone, client_person, name):
    client_person.name_roman = "Chiang Hsiao-man"
    client_person.save(update_fields=["name_roman"])
    assert phone.sign(name).url == phone.address("done")


def test_a_drawn_signature_is_asked_nothing(phone):
    drawn = {"method": "drawn", "strokes": "[[[1, 2, 0], [5, 6, 9]]]"}
    assert phone.sign("", **drawn).url == phone.address("done")


def test_who_countersigns_sees_how_and_under_which_name_she_signed(
    phone, ready, counsellor, browse
):
    browser = browse(counsellor)
    browser.cookies["language"] = "en"
    address = f"/consent/{ready.pk}/"
    seen = ["Name as typed" in browser.get(address).content.decode()]
    phone.sign("江曉滿", again="江曉滿")
    page = browser.get(address)
    seen.append("<dt>Name as typed</dt><dd>江曉滿</dd>" in page.content.decode())
    assert (seen, page.context["signed"]) == (
        [False, True],
        {"how": "typed name", "typed": "江曉滿"},
    )
