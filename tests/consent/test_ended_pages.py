"""A request that ended: no page goes on asking, and the last one says how to go on."""

import pytest

from consent.actions import revoke
from consent.models import Answer
from consent.signing import want_paper
from tests.consent.phone import Phone, template


@pytest.fixture
def declined(request_sent) -> Phone:
    phone = Phone(request_sent).begin()
    phone.post("decline", reason="")
    return phone


@pytest.mark.parametrize("page", [("item", 1), ("check",), ("review",)])
def test_who_declined_is_led_to_where_it_stands(declined, page):
    assert declined.get(*page).url == declined.address("done")


def test_who_declined_reads_whom_she_can_talk_with_and_how_to_change_her_mind(declined, clinic):
    page = declined.get("done").content.decode()
    words = (
        "可以和guyu談談其他方式",
        "如果改變主意",
        f'href="tel:{clinic.phone.replace("-", "")}"',
    )
    assert [word for word in words if word not in page] == []
    assert "您可以隨時撤回同意" not in page  # there is no consent


def test_a_request_that_was_taken_back_asks_nothing_more(request_sent, counsellor, now):
    phone = Phone(request_sent).begin()
    revoke(request=request_sent, by=counsellor, now=now)
    assert phone.get("item", 1).status_code == 410


@pytest.mark.parametrize(("choice", "wished"), [("later", True), ("agree", False)])
def test_only_an_answer_gives_up_the_paper_she_asked_for(
    choice, wished, request_sent, client_person, now
):
    phone = Phone(request_sent).begin()
    want_paper(request=request_sent, by=client_person, now=now)
    told = "您先前選擇用紙本" in phone.get("item", 1).content.decode()
    phone.answer(1, choice)
    request_sent.refresh_from_db()
    assert (told, request_sent.paper_wished_at is not None) == (True, wished)
    assert Answer.objects.get().choice == choice


def test_an_attached_document_leads_back(request_sent):
    phone = Phone(request_sent).begin()
    page = phone.get("read", "annex_stability")
    assert template(page) == "read"
    assert f'href="{phone.address("review")}"' in page.content.decode()


@pytest.mark.parametrize("number", [0, 99])
def test_an_item_that_there_is_not_is_not_found(number, request_sent):
    assert Phone(request_sent).begin().get("item", number).status_code == 404
