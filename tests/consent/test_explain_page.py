"""Recording the explanation: what was gone through is ticked by hand, nothing beforehand (G4.2)."""

import re

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


def test_what_is_missing_leads_to_the_first_answer_of_each_group(page):
    browser, address = page
    told = re.findall(r'<li><a href="#(\w+)"', browser.post(address, {}).content.decode())
    assert told == ["id_at", "id_channel_0", "id_items_0"]


def test_the_items_that_were_ticked_are_what_is_recorded(page):
    browser, address = page
    assert browser.post(address, filled(["A1", "A6"])).status_code == 302
    assert sorted(Explanation.objects.get().items) == ["A1", "A6"]


@pytest.mark.parametrize("year", ["0001", "0115", "1911"])
def test_a_year_long_before_the_request_is_refused_with_a_word_on_roc_years(page, year):
    browser, address = page
    answer = browser.post(address, filled(["A1"]) | {"at": f"{year}-01-05T14:00"})
    told = [*answer.context["form"].errors["at"]]
    this = timezone.localdate().year
    words = "This lies long before the request. "
    words += f"Please give the year as {this}, not as {this - 1911} (ROC)."
    assert (told, Explanation.objects.count()) == ([words], 0)


def test_an_explanation_some_weeks_before_the_request_is_recorded(page, days):
    browser, address = page
    at = timezone.localtime() - days(60)
    sent = filled(["A1"]) | {"at": f"{at:%Y-%m-%dT%H:%M}"}
    assert (browser.post(address, sent).status_code, Explanation.objects.count()) == (302, 1)


def test_what_was_not_gone_through_yet_is_named_on_the_page(page, request_sent):
    browser, address = page
    browser.post(address, filled([f"A{n}" for n in range(1, 10)]))
    shown = browser.get(f"/consent/{request_sent.pk}/").content.decode()
    assert "Not gone through yet: A10, A11" in shown


@pytest.mark.parametrize(("all_of_them", "button"), [(True, "btn"), (False, "btn btn-primary")])
def test_the_one_next_step_is_the_explanation_until_every_item_was_explained(
    all_of_them, button, page, request_sent
):
    browser, address = page
    items = [key for key, _words in browser.get(address).context["form"].fields["items"].choices]
    browser.post(address, filled(items if all_of_them else items[:1]))
    shown = browser.get(f"/consent/{request_sent.pk}/").content.decode()
    links = [
        kind for kind in ("btn btn-primary", "btn") if f'class="{kind}" href="{address}"' in shown
    ]
    assert links == [button]
