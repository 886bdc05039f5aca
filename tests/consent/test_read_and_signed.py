"""What is sealed is what stood on the page on which she signed."""

import json
from datetime import timedelta

import pytest

from consent.models import Explanation, Request, Signature
from tests.consent.conftest import explain
from tests.consent.phone import Phone

CHANGED = (
    "The words above the signature have changed since you opened this page. "
    "Please read it once more, then sign."
)


@pytest.fixture
def before_her(ready) -> Phone:
    Request.objects.update(language="en")
    return Phone(ready).begin()


def seen(page) -> dict[str, str]:
    """What the form of the page sends along of itself."""
    shown = page.context["shown"]
    assert f'name="shown" value="{shown}"' in page.content.decode()
    return {"shown": shown, "language": "en"}


def test_words_that_changed_since_she_opened_the_page_are_not_signed(
    before_her, ready, counsellor, now
):
    form = seen(before_her.get("review"))
    explain(ready, counsellor, now + timedelta(minutes=5))
    newest = Explanation.objects.first()
    refused = before_her.sign(**form)
    errors = refused.context["form"].non_field_errors()
    told = (errors, refused.context["form"]["name"].value(), Signature.objects.count())
    assert told == ([CHANGED], "江小滿", 0)
    before_her.sign(**seen(refused))
    evidence = json.loads(Signature.objects.get().evidence)
    assert (evidence["explained"][0]["at"], evidence["closing"]) == (
        newest.at.isoformat(),
        refused.context["closing"],
    )


def test_her_name_that_was_corrected_meanwhile_is_read_before_it_is_signed(before_her, ready):
    form = seen(before_her.get("review"))
    ready.signer.name = "江小曼"
    ready.signer.save(update_fields=["name"])
    refused = before_her.sign(name="江小曼", **form)
    assert (refused.context["form"].non_field_errors(), Signature.objects.count()) == ([CHANGED], 0)


def test_words_that_stayed_as_they_were_are_signed(before_her):
    page = before_her.get("review")
    before_her.sign(**seen(page))
    evidence = json.loads(Signature.objects.get().evidence)
    assert (evidence["intro"], evidence["closing"]) == (
        page.context["intro"],
        page.context["closing"],
    )
