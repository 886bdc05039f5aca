"""The pages of staff ask as much for one consent request as for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.actions import revoke, send_request
from consent.models import Request
from consent.signing import answer, open_request


def asked_by(browser, address: str) -> int:
    browser.get(address)  # what is cached for good is not counted
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def add_requests(case, number: int, now) -> None:
    """Revoke and send again, ``number`` times."""
    for _n in range(number):
        for live in Request.objects.live().filter(case=case):
            revoke(request=live, by=case.counsellor, now=now)
        send_request(case=case, by=case.counsellor, now=now)


@pytest.mark.parametrize("page", ["/cases/{case}/", "/clients/"])
def test_a_page_asks_as_much_for_many_requests_as_for_one(
    page, case, request_sent, counsellor, browse, now
):
    browser, address = browse(counsellor), page.format(case=case.pk)
    one = asked_by(browser, address)
    add_requests(case, 6, now)
    assert (asked_by(browser, address), Request.objects.filter(case=case).count()) == (one, 7)


def test_a_request_asks_as_much_with_many_questions_and_events_as_with_few(
    case, request_sent, client_person, counsellor, browse, now
):
    browser, address = browse(counsellor), f"/consent/{request_sent.pk}/"
    by = {"by": client_person, "now": now}
    items = list(request_sent.asked_items())
    open_request(request=request_sent, electronic=True, **by)
    answer(request=request_sent, item=items[0], choice="ask", text="為什麼？", **by)
    few = asked_by(browser, address)
    for item in items[1:]:
        answer(request=request_sent, item=item, choice="ask", text="為什麼？", **by)
    assert (asked_by(browser, address), request_sent.questions.count()) == (few, len(items))
