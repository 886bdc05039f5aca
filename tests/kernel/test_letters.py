"""Letters say the same in text and HTML, in both languages, and tell nothing in an inbox."""

import re
import tomllib
from html.parser import HTMLParser

import pytest

from clinic.kernel.letters import MissingValue, compose, files, fill
from clinic.kernel.outbox.registry import Recipient

FILES = {file.stem: file for file in files() if file.stem != "layout"}
LAYOUT = next(file for file in files() if file.stem == "layout")
KINDS = sorted(FILES)
LANGUAGES = ("zh-hant", "en")
TONES = [(tone, language) for tone in ("normal", "safe") for language in ("zh", "en")]
CLINIC = {
    "clinic_name": "廿四節氣心理諮商所",
    "clinic_phone": "0000-000-001",
    "clinic_address": "臺北市文山區示範路 1 號",
    "neutral_name": "節氣工作室",
    "neutral_phone": "0000-000-002",
    "contact": "我們（0000-000-001）",
    "neutral_contact": "我們（0000-000-002）",
    "signature": "廿四節氣心理諮商所，0000-000-001",
    "neutral_signature": "節氣工作室，0000-000-002",
}
TELLING = re.compile("諮商|心理|輔導|counsel|psych|therap", re.IGNORECASE)


def texts_of(kind):
    return tomllib.loads(FILES[kind].read_text(encoding="utf-8"))


def values_of(kind):
    """A value for each placeholder of a letter, known by its own name."""
    own = {name: f"《{name}》" for name in texts_of(kind)["placeholders"]}
    return CLINIC | own | {"link": "https://clinic.example/l/abc?a=1&b=2"}


def letter(kind, language="zh-hant", *, neutral=False, **values):
    who = Recipient("a@client.example", language, "江小滿", neutral=neutral)
    return compose(kind, who, values_of(kind) | values)


class Reader(HTMLParser):
    """What a person reads of an HTML letter, its links, and its elements."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.tags, self.skipped = [], [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.skipped += tag == "head"

    def handle_endtag(self, tag):
        self.skipped -= tag == "head"

    def handle_data(self, data):
        if not self.skipped:
            self.words.append(data)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def test_there_are_letters():
    assert {"staff_invitation", "password_reset", "licence_expiry_30", "signed_copy"} <= set(KINDS)
    assert sorted(file.stem for file in files()) == sorted([*KINDS, "layout"])  # each name once


@pytest.mark.parametrize("neutral", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_clients_get_the_emergency_numbers_but_not_where_they_would_tell(kind, language, neutral):
    found = letter(kind, language, neutral=neutral)
    of_client = texts_of(kind)["audience"] == "client"
    told = ["119 / 110 / 1925" in text for text in (found.text, found.html)]
    assert told == [of_client and not neutral] * 2
    beyond = {"zh-hant": "人不在臺灣", "en": "outside Taiwan"}[language]  # where they reach nobody
    assert [beyond in text for text in (found.text, found.html)] == told


@pytest.mark.parametrize("neutral", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind, language, neutral):
    found = letter(kind, language, neutral=neutral)
    link = values_of(kind)["link"]
    reader = Reader(found.html)
    read = squeezed("".join(reader.words))
    lines = [line for line in found.text.splitlines() if line.strip()]
    assert [line for line in lines if squeezed(line).rstrip("：:") not in read] == []
    assert set(reader.links) == {link}
    assert link in lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_subject_sender_and_preview_are_neutral_for_everybody(kind, language):
    plain, neutral = letter(kind, language), letter(kind, language, neutral=True)
    assert (plain.subject, plain.sender) == (neutral.subject, neutral.sender)
    assert plain.sender == "節氣工作室"
    preview = re.search(r"<title>(.*?)</title>", plain.html)[1]
    assert preview == re.search(r"<title>(.*?)</title>", neutral.html)[1]
    assert TELLING.findall(plain.subject + preview) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_neutral_twin_hides_what_the_clinic_does(kind, language):
    found = letter(kind, language, neutral=True)
    assert TELLING.findall(found.text + found.html + found.subject + found.sender) == []
    telling = ("clinic_name", "clinic_phone", "clinic_address", "signature")
    assert [name for name in telling if CLINIC[name] in found.text + found.html] == []
    assert CLINIC["neutral_name"] in found.text


@pytest.mark.parametrize("kind", KINDS)
def test_each_language_has_its_own_words_and_says_which_it_is(kind):
    english, chinese = letter(kind, "en"), letter(kind, "zh-hant")
    assert '<html lang="en">' in english.html
    assert '<html lang="zh-Hant-TW">' in chinese.html
    assert english.subject != chinese.subject
    texts = texts_of(kind)
    ours = [*texts["normal"]["en"].values(), *texts["safe"]["en"].values()]
    assert re.findall("[一-鿿]", "".join(ours)) == []


BODY = {"body", "button"}
INBOX = {"subject", "preview"}  # told in the same words to everybody, so that they are said once


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_holds_no_words_that_never_leave(kind):
    texts = texts_of(kind)
    assert {(tone, language): {*texts[tone][language]} for tone, language in TONES} == {
        (tone, language): BODY | INBOX if tone == "safe" else BODY for tone, language in TONES
    }


def test_the_layout_names_one_sender():
    layout = tomllib.loads(LAYOUT.read_text(encoding="utf-8"))
    frames = {tone: part["zh"] for tone, part in layout.items() if "zh" in part}
    assert {tone: "sender" in frame for tone, frame in frames.items()} == {
        "normal": False,
        "safe": True,
        "staff": False,
    }
    assert [{*frame["zh"]} ^ {*frame["en"]} for frame in map(layout.get, frames)] == [set()] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_of_placeholders_is_the_one_used(kind):
    texts = texts_of(kind)
    parts = [texts[tone][language] for tone, language in TONES]
    used = {
        name for part in parts for text in part.values() for name in re.findall(r"{(\w+)}", text)
    }
    assert set(texts["placeholders"]) >= used
    assert set(texts["placeholders"]) - used <= {"link", *CLINIC}


@pytest.mark.parametrize("gap", ["", None])
@pytest.mark.parametrize("name", ["recipient_name", "expires_on", "link", "neutral_name"])
def test_a_missing_value_stops_the_letter(name, gap):
    with pytest.raises(MissingValue, match=name):
        letter("licence_expiry_30", **{name: gap})


def test_a_value_that_was_never_given_stops_the_letter():
    values = values_of("licence_expiry_30")
    del values["link"]
    who = Recipient("a@client.example", "en", "江小滿")
    with pytest.raises(MissingValue, match="link"):
        compose("licence_expiry_30", who, values)


def test_what_stands_in_a_value_is_not_filled_again():
    assert fill("{a} {b}", {"a": "{b}", "b": "2"}) == "{b} 2"


EVIL = '<img src=x onerror="alert(1)"> & </p><script>{{ 7 }}{link}'


@pytest.mark.parametrize("kind", KINDS)
def test_markup_in_a_name_is_text(kind):
    plain = Reader(letter(kind).html)
    found = letter(kind, recipient_name=EVIL)
    reader = Reader(found.html)
    assert reader.tags == plain.tags
    assert EVIL in "".join(reader.words)
    assert EVIL in found.text
