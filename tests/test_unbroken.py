"""Dates and telephone numbers on a page stand on one line each, and are copied as they are."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils.safestring import SafeString
from django.utils.translation import override

from clinic.kernel.dates import meeting
from clinic.templatetags.ui import day, meets, state_mark, unbroken, when, when_told, when_zone

AT = datetime(2026, 11, 24, 6, 0, 5, tzinfo=UTC)


def test_a_date_is_an_element_that_says_which_one_is_meant():
    stamp = '<time datetime="2026-11-24T14:00:05+08:00">'
    assert when(AT) == f"{stamp}2026-11-24 14:00</time>"
    assert when(AT, "s") == f"{stamp}2026-11-24 14:00:05</time>"
    assert when_zone(AT) == f'{when(AT)} <span class="nowrap">(UTC+8)</span>'
    assert meets(AT) == f"{stamp}{meeting(AT)}</time>"
    assert meets(AT, "kept") == f"{stamp}{meeting(AT, kept=True)}</time>"
    assert day(AT) == day(date(2026, 11, 24)) == '<time datetime="2026-11-24">2026-11-24</time>'
    assert [each(None) for each in (when, when_zone, when_told, meets, day)] == [""] * 5


@pytest.mark.parametrize(
    ("language", "clock", "zone"),
    [
        ("zh-hant", "2026-11-24（二）14:00", "臺北時間"),
        ("en", "Tue 2026-11-24 14:00", "Taipei time"),
    ],
)
def test_a_client_is_told_the_weekday_and_the_name_of_the_zone(language, clock, zone):
    with override(language):
        told = when_told(AT)
    assert told == (
        f'<time datetime="2026-11-24T14:00:05+08:00">{clock}</time>'
        f' <span class="nowrap">{zone}</span>'
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("請打 0000-000-001。", "0000-000-001"),
        ("電話02-2610-1660轉12", "02-2610-1660"),
        ("到 2030-03-06", "2030-03-06"),
        ("Seen on 2026-11-24 14:00, again", "2026-11-24 14:00"),
        ("2026-11-24（二）14:00 臺北時間", "2026-11-24（二）14:00"),
        ("+886-2-2610-1660", "+886-2-2610-1660"),
        ("上次 11 月 4 日（二）14:00 視訊", "11 月 4 日（二）14:00"),
        ("或民國79年5月1日。", "民國79年5月1日"),
        ("民國 115 年 4 月起", "民國 115 年 4 月"),
        ("last Tue 4 Nov 2025 14:00", "Tue 4 Nov 2025 14:00"),
    ],
)
def test_a_number_within_text_is_kept_whole(text, kept):
    before, after = text.split(kept)
    assert unbroken(text) == f'{before}<span class="nowrap">{kept}</span>{after}'


@pytest.mark.parametrize(
    "text", ["", "14:00–14:50", "https://clinic.example/l/a1-2-3b/", "C-00001", "a-1-2"]
)
def test_other_text_stays_as_it_is(text):
    assert unbroken(text) == text


def test_text_is_escaped_and_markup_is_left_alone():
    kept = '<span class="nowrap">1-2</span>'
    assert unbroken("<b>1-2</b>") == f"&lt;b&gt;{kept}&lt;/b&gt;"
    assert unbroken(when(AT)) == when(AT)
    template = engines["django"].from_string("{% load ui %}{{ words|unbroken|linebreaks }}")
    assert template.render({"words": "<i>\n1-2"}) == f"<p>&lt;i&gt;<br>{kept}</p>"


def test_a_state_keeps_its_words_together_beside_its_mark():
    mark = state_mark("go", "until 2030-03-06")
    assert isinstance(mark, SafeString)
    assert mark.endswith('<span>until <span class="nowrap">2030-03-06</span></span></span>')
