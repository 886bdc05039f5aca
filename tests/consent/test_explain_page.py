"""Recording the explanation: what was gone through is ticked by hand, nothing beforehand (G4.2)."""

import pytest
from django.utils import timezone

from consent.models import Explanation


@pytest.fixture
def page(request_sent, counsellor, browse):
    """The page's address, and a browser of the case's psychologist that reads English."""
    browser = browse(counsellor)
    browser.cookies["language"] = "en"
    return browser, f"/consent/{request_sent.pk}/explain/"


def filled(items: list[str]) -> dict:
    at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    return {"at": at, "channel": "video", "items": items}


def test_no_item_is_ticked_beforehand(page):
    browser, address = page
    form = browser.get(address).context["form"]
    assert (form["items"].value(), len(form.fields["items"].choices) > 10) == (None, True)


def test_without_an_item_it_is_refused_in_words_and_keeps_the_rest(page):
    browser, address = page
    answer = browser.post(address, filled([]))
    told = "Please tick the items that you went through." in answer.content.decode()
    kept = answer.context["form"]["channel"].value()
    assert (told, kept, Explanation.objects.count()) == (True, "video", 0)


def test_the_items_that_were_ticked_are_what_is_recorded(page):
    browser, address = page
    assert browser.post(address, filled(["A1", "A6"])).status_code == 302
    assert sorted(Explanation.objects.get().items) == ["A1", "A6"]
