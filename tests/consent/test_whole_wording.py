"""What is signed is what was shown: introduction, telephone wording (G0.2) and notes of items."""

import json
import re

import pytest
from django.db.models import prefetch_related_objects
from django.template.defaultfilters import linebreaks
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from clinic.kernel.letters import PLACEHOLDER, fill
from clinic.templatetags.ui import unbroken
from consent.actions import countersign
from consent.models import Form, Request
from consent.paper.blank import build
from consent.papers import sections_of
from consent.publishing import clinic_values
from consent.wording import content_file, with_lines
from tests.consent.conftest import complete
from tests.consent.phone import Phone
from tests.consent.test_signed_evidence import signed_by


@pytest.fixture
def read(ready) -> dict[str, str]:
    """Every page behind the link that shows the form, by name."""
    phone = Phone(ready).begin()
    codes = [*ready.asked_items().values_list("code", flat=True)]
    pages = {code: phone.get("item", codes.index(code) + 1) for code in ("A2", "A4", "A7")}
    pages |= {name: phone.get(name) for name in ("review", "print")}
    return {name: page.content.decode() for name, page in pages.items()}


def test_the_introduction_that_is_signed_is_read_before_the_signature(read):
    words = "文中的「本機構」是指"
    assert [name for name in ("review", "print") if words not in read[name]] == []


SAID = {
    "A2": "以電話進行、沒有鏡頭時",
    "A4": "以電話進行時沒有鏡頭",
    "A7": "這一項不影響您在諮商中談自己的想法",
}


def test_what_holds_by_telephone_and_what_stays_free_is_read(read):
    found = {code: (said in read[code], said in read["print"]) for code, said in SAID.items()}
    assert found == dict.fromkeys(SAID, (True, True))


def test_and_it_is_signed(signed):
    items = {item["code"]: item["text"] for item in json.loads(signed.evidence)["items"]}
    assert {code: said in items[code] for code, said in SAID.items()} == dict.fromkeys(SAID, True)


@pytest.mark.parametrize(("item", "words"), [("N1", "understood"), ("A1", "agrees")])
def test_the_list_of_events_says_what_she_chose(item, words):
    event = {"what": "answered", "details": {"item": item, "choice": "agree"}}
    with override("en"):
        said = render_to_string("consent/event_words.html", {"event": event})
    assert said.strip() == f"answered item {item}・{words}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_obligation_of_the_electronic_form_is_read_where_she_agrees_and_signed(
    request_sent, client_person, counsellor, now, language
):
    phone = Phone(request_sent)
    phone.open()
    phone.post("language", language="en" if language == "en" else "zh-hant")
    page = phone.get("start").content.decode()
    phone.prove()
    ready = complete(Request.objects.get(), client_person, counsellor, now)
    kept = signed_by(ready, client_person, now)["electronic_form"]["text"]
    carried = [
        said[language] for said in content_file("individual")["electronic_form"]["obligations"]
    ]
    assert [words for words in carried if words not in page or words not in kept] == []


def test_the_individual_form_speaks_of_no_page_and_no_way_of_counselling_that_there_is_not():
    nowhere = ("「我的同意」", "Use paper from now on", "{other_channel}")
    assert [words for words in nowhere if words in str(content_file("individual"))] == []


@pytest.mark.parametrize("which", Form.Key.values)
def test_the_placeholders_that_a_form_names_are_those_of_its_words(which):
    content = content_file(which)
    used = set(re.findall(r"\{(\w+)\}", str(content)))
    assert set(content["form"]["placeholders"]) == used


# Each text of an attached form in both languages; beside it easy words and reasons, said elsewhere.
ATTACHED = ("counselling_agreement", "privacy_notice")
PARTS = [
    pytest.param(which, part, id=f"{which}-{part.get('id', name)}")
    for which in ATTACHED
    for name, found in content_file(which).items()
    for part in (found if isinstance(found, list) else [found])
    if "zh" in part
]


@pytest.mark.parametrize(("which", "part"), PARTS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_attached_form_is_shown_whole(request_sent, now, which, part, language):
    _title, sections = sections_of(request_sent, which, language)
    words = clinic_values(now)[language] | request_sent.words(language)
    shown = "\n".join(text for _heading, text in sections)
    carried = [part[language], *(said[language] for said in part.get("obligations", []))]
    assert [text for text in carried if fill(text, words) not in shown] == []


# What stands behind the items, and its title.
BEHIND = {
    "counselling_agreement": [
        ("您的確認", "同意遵守，並收到一份副本"),
        ("心理師的承諾", "我會遵守以上"),
    ],
    "privacy_notice": [
        ("資料不是由您直接提供時", "第一次使用前告訴您來源"),
        ("您的確認", "我已經看過以上告知"),
    ],
}


def missing(which: str, html: str) -> list[str]:
    return [words for pair in BEHIND[which] for words in pair if words not in html]


@pytest.mark.parametrize("which", BEHIND)
def test_what_stands_behind_its_items_is_read_on_her_phone_printed_and_signed(ready, which, signed):
    page = Phone(ready).begin().get("read", which).content.decode()
    papers = {paper["title"]: paper["sections"] for paper in json.loads(signed.evidence)["papers"]}
    title, _sections = sections_of(ready, which, "zh")
    kept = json.dumps(papers[title], ensure_ascii=False)
    printed = build(ready.pk, 1, signed.signed_at).html
    assert [missing(which, html) for html in (page, printed, kept)] == [[], [], []]


def test_a_version_of_the_time_when_nobody_read_it_stays_as_it_was_printed(request_sent):
    prefetch_related_objects([request_sent], "attached")
    (version,) = [v for v in request_sent.attached.all() if v.form_id == "privacy_notice"]
    number = len(sections_of(request_sent, "privacy_notice", "zh")[1])
    for part in ("indirect", "closing"):
        del version.content[part]["title_zh"]
    assert len(sections_of(request_sent, "privacy_notice", "zh")[1]) == number - 2


def test_who_reads_a_version_sees_it_too(forms, admin, browse):
    pages = {v.form_id: browse(admin).get(reverse("form_version", args=[v.pk])) for v in forms}
    shown = {which: missing(which, pages[which].content.decode()) for which in BEHIND}
    assert shown == {which: [] for which in BEHIND}


def test_a_version_is_introduced_in_both_languages_with_lines_for_what_each_signer_fills_in(
    forms, admin, browse
):
    (version,) = [form for form in forms if form.form_id == "individual"]
    page = browse(admin).get(reverse("form_version", args=[version.pk])).content.decode()
    intro = version.content["intro"]
    shown = [linebreaks(unbroken(with_lines(intro[language]))) in page for language in ("zh", "en")]
    assert (shown, "{" in intro["zh"], PLACEHOLDER.findall(page)) == ([True, True], True, [])


@pytest.mark.parametrize(
    ("language", "promised"),
    [
        ("zh-hant", "諮商同意書：我會遵守以上對心理師與機構的約定。"),
        (
            "en",
            "Counselling agreement: I will keep the terms above that bind the psychologist and the clinic.",
        ),
    ],
)
def test_what_she_undertakes_in_the_agreement_is_read_printed_and_countersigned(
    signed, counsellor, browse, now, language, promised
):
    Request.objects.update(language=language)
    request = Request.objects.get()
    page = browse(counsellor).get(f"/consent/{request.pk}/").content.decode()
    printed = build(request.pk, 1, now).html
    kept = countersign(request=request, by=counsellor, now=now).statement
    assert [promised in text for text in (page, printed, kept)] == [True, True, True]
