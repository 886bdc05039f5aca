"""In which language staff read the titles of a form's items."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from consent.models import FormItem, ReturnedPaper
from consent.paper.actions import change_to_paper
from consent.signing import answer
from tests.consent.on_paper import returned

LANGUAGES = ("zh-hant", "en")


@pytest.fixture
def titles(browse):
    """Return whether a page, read in a language, has the item's title in (Chinese, English)."""

    def read(user, language: str, item: FormItem, name: str, *args: int) -> list[bool]:
        user.language = language
        user.save(update_fields=["language"])
        page = browse(user).get(reverse(name, args=args)).content.decode()
        return [escape(item.texts[f"title_{end}"]) in page for end in ("zh", "en")]

    return read


WANTED = [[True, False], [False, True]]


@pytest.mark.parametrize("name", ["consent_request", "consent_explain", "paper_receive"])
def test_the_pages_of_a_request_name_the_items_in_the_readers_language(
    name, request_sent, counsellor, titles
):
    item = request_sent.asked_items().get(code="A2")
    read = [titles(counsellor, language, item, name, request_sent.pk) for language in LANGUAGES]
    assert read == WANTED


def test_a_question_names_its_item_in_the_readers_language(
    opened, client_person, counsellor, titles, now
):
    item = opened.asked_items().get(code="A2")
    by = {"by": client_person, "now": now}
    answer(request=opened, item=item, choice="ask", text="為什麼？", **by)
    at = (opened.pk, opened.questions.get().pk)
    read = [titles(counsellor, language, item, "consent_reply", *at) for language in LANGUAGES]
    assert read == WANTED


def test_who_compares_a_paper_form_reads_the_items_in_her_language(
    ready, counsellor, admin, titles, now
):
    change_to_paper(request=ready, by=counsellor, now=now)
    ready.refresh_from_db()
    returned(ready, now)
    item, paper = ready.asked_items().get(code="A2"), ReturnedPaper.objects.get()
    read = [titles(admin, language, item, "paper_check", paper.pk) for language in LANGUAGES]
    assert read == WANTED


def test_a_version_heads_each_item_in_the_readers_language(request_sent, admin, titles):
    item = request_sent.asked_items().get(code="A2")
    at = item.version_id
    read = [titles(admin, language, item, "form_version", at) for language in LANGUAGES]
    assert read == WANTED
