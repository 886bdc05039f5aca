"""What a signer reads names things as they stand before her: headings, items, money, papers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import gettext, override

from clinic.kernel.letters import fill
from consent.models import Request
from consent.paper import blank
from consent.values import paper_steps
from consent.wording import content_file, language_of, particulars_asked
from sessions.client.forms import BirthDateForm
from tests.consent.phone import Phone
from tests.staff.conftest import words

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


def agreement(code: str, language: str, **values: str) -> str:
    """A point of the counselling agreement, filled in as a clinic does."""
    (item,) = [i for i in content_file("counselling_agreement")["items"] if i["id"] == code]
    numbers = {"cancel_hours": "24", "late_minutes": "15"}
    return fill(item[language], numbers | values)


@pytest.mark.parametrize(
    ("language", "charges"),
    [
        ("zh", "較晚取消收新臺幣1,000元，沒有事先告知而未到收新臺幣2,000元；"),
        (
            "en",
            "Later cancellation costs NT$ 1,000, and not coming without notice costs NT$ 2,000;",
        ),
    ],
)
def test_a_charge_says_its_currency(language, charges):
    said = agreement("CA2", language, late_cancel_fee="1,000", no_show_fee="2,000")
    assert charges in said


@pytest.mark.parametrize(
    ("key", "labels"),
    [
        (
            "late_cancel_fee",
            ("較晚取消的費用（新臺幣，元）", "charge for late cancellation in NT dollars"),
        ),
        (
            "no_show_fee",
            (
                "未到且未告知的費用（新臺幣，元）",
                "charge for not coming without notice in NT dollars",
            ),
        ),
    ],
)
def test_who_enters_a_charge_reads_that_the_form_says_the_currency(key, labels):
    asked = particulars_asked()[key]
    assert (asked["label_zh"], asked["label"]) == labels


@pytest.mark.parametrize(
    ("language", "channel", "said"),
    [
        ("zh", "打電話或寫信給石立夏", "提出的方式：打電話或寫信給石立夏。"),
        ("easy_zh", "打電話或寫信給石立夏", "告訴我們的方式：打電話或寫信給石立夏。"),
        ("en", "call or write to 石立夏", "How to ask us: call or write to 石立夏."),
        ("easy_en", "our front desk", "How to tell us: our front desk."),
    ],
)
def test_how_to_use_ones_rights_reads_well_whatever_the_clinic_entered(language, channel, said):
    (item,) = [i for i in content_file("privacy_notice")["items"] if i["id"] == "PN5"]
    assert said in fill(item[language], {"rights_channel": channel, "copy_fee": "NT$5"})


def texts(value: Any, language: str) -> Iterator[str]:
    """Every text of a content file in one language: easy words and those of obligations too."""
    for key, found in value.items():
        for part in found if isinstance(found, list) else [found]:
            if isinstance(part, dict):
                yield from texts(part, language)
            elif language_of(key) == language:
                yield str(part)


@pytest.mark.parametrize(("language", "before"), [("zh", "「"), ("en", 'the "')])
def test_the_agreement_is_called_by_a_title_that_is_marked_as_one(language, before):
    whole = "".join(texts(content_file("individual") | {"form": {}}, language))
    asked = whole.split("{agreement_title}")[:-1]
    assert [text[-20:] for text in asked if not text.endswith(before)] == []


@pytest.mark.parametrize(
    ("language", "rule"),
    [("zh", "遵守「{}」這一項的約定"), ("en", 'Nothing listed under "{}" is sent')],
)
def test_the_annex_names_an_item_by_the_title_that_she_reads(language, rule):
    content = content_file("individual")
    (item,) = [item for item in content["items"] if item["id"] == "A7"]
    said = "".join(content["annex_video_rules"][language])
    assert (rule.format(item[f"title_{language}"]) in said, "A7" in said) == (True, False)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("zh", "{} 段說明、11 項約定和 1 項個人資料同意，"),
        ("easy_zh", "{} 段說明、11 個約定和 1 個個人資料的同意，"),
        ("en", "{} short notices, 11 items and one consent on sensitive data."),
        ("easy_en", "{} notes, 11 points and one consent on sensitive data."),
    ],
)
def test_the_introduction_counts_all_that_is_asked(request_sent, key, said):
    filled = request_sent.words("en" if key.endswith("en") else "zh")
    count = request_sent.asked_items().count()
    intro = fill(request_sent.version.content["intro"][key], filled)
    assert (said.format(filled["notice_count"]) in intro, int(filled["notice_count"]) + 12) == (
        True,
        count,
    )


BORN_LIKE = "So that we know it is you. Year, month and day, for example 1990-05-01."


def test_in_english_the_hint_of_the_birth_date_is_english_throughout(request_sent):
    phone = Phone(request_sent)
    phone.open()
    phone.post("language", language="en")
    with override("en"):
        session_asks = str(BirthDateForm().fields["birth_date"].help_text)
    assert (BORN_LIKE in words(phone.get("start")), session_asks) == (True, BORN_LIKE)
