"""What a signer reads names things as they stand before her: headings, items, money, papers."""

import pytest
from django.utils.translation import gettext, override

from consent.client.steps import paper_steps
from consent.models import Request
from consent.paper import blank

LANGUAGES = ("zh", "en")
CODES = {"zh": "zh-hant", "en": "en"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_form_says_under_which_of_its_headings_she_signs(request_sent, now, language):
    Request.objects.update(language=CODES[language])
    printed = blank.build(request_sent.pk, 1, now).html
    with override(CODES[language]):
        heading = gettext("Signature")
    said = {"zh": f"在「{heading}」欄簽名並寫上日期", "en": f'sign and date under "{heading}"'}
    steps = paper_steps(request_sent, language)
    assert (said[language] in steps, f"<h2>{heading}</h2>" in printed) == (True, True)


def test_who_is_reached_with_care_is_told_the_same_heading(request_sent):
    request_sent.signer.neutral_contact = True
    with override("en"):
        steps = paper_steps(request_sent, "en")
        assert f"sign and date under “{gettext('Signature')}”" in steps
