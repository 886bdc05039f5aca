"""The Chinese catalogue: whole, in Chinese, with the terms of the house."""

import re
import tomllib
from functools import cache

import polib
import pytest

from tests.architecture.house import ROOT, files, text

CATALOGUES = sorted((ROOT / "locale" / "zh_Hant" / "LC_MESSAGES").glob("*.po"))
HAN = re.compile(r"[\u3400-\u9fff]")
ZH = re.compile(r"[._]zh\b")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")

# Strings that are the same in both languages, and why.
WITHOUT_HAN: dict[str, str] = {
    ", ": "a mark between two words",
    ". ": "a mark after a sentence",
    ": ": "a mark before a value",
    "; ": "a mark between two sentences",
    "%(done)s %(told)s": "a space between two sentences",
    "%(field)s: %(old)s → %(new)s": "marks around three values",
    "%(name)s: %(before)s → %(now)s": "marks around three values",
    "%(file)s: %(problem)s.": "marks around two values",
    "%(how)s, %(at)s": "marks around two values",
    "%(label)s: %(error)s": "marks around two values",
    "%(name)s, %(phone)s": "marks around two values",
    "%(name)s: %(why)s": "marks around two values",
    "%(on)s by %(name)s": "marks around two values",
    "%(reason)s (%(clauses)s)": "marks around two values",
    "%(reason)s. %(remedy)s": "marks around two values",
    "English": "the language's name in itself",
}

# Chinese in English sentences: what a person may type (a date, an extension, hours, a village), and
# names that stand in Chinese: the guideline, a helpline, a state of the public lists.
HAN_IN_ENGLISH = set("民國年月日轉週一至五小時村里通訊諮商專業指引安心專線停發")

# The column "do not use" of the house's terms: those that have no other meaning in this product.
FORBIDDEN = [
    "病患",
    "病人",
    "患者",
    "用戶",
    "客戶",
    "治療師",
    "諮商員",
    "諮詢師",
    "實習生",
    "主管",
    "上級",
    "院長",
    "老闆",
    "員工",
    "監護者",
    "組員",
    "連絡人",
    "保證人",
    "陪同者",
    "翻譯員",
    "院方",
    "我司",
    "稽核員",
    "線上諮詢",
    "遠距治療",
    "視訊看診",
    "網路諮商",
    "看診",
    "掛號",
    "預約單",
    "門診",
    "病歷",
    "初診",
    "篩檢",
    "婚姻治療",
    "轉院",
    "定位",
    "診間",
    "發票",
    "切結",
    "修訂號",
    "宣讀",
    "畫押",
    "作廢",
    "拒簽",
    "稽核軌跡",
    "驗偽",
    "認證等級",
    "鏈結",
    "重發",
    "隱私權政策",
    "側錄",
    "關卡",
    "閘門",
    "驗票",
    "打卡",
    "簽到",
    "身份",
    "亮證",
    "法規清單",
    "許可證",
    "失效日",
    "求救",
    "自殘",
    "尋短",
    "輕生",
    "不自殺契約",
    "舉報",
    "檢舉",
    "罰鍰",
    "事故",
    "熱線",
    "密語",
    "口令",
    "破窗",
    "台帳",
    "證據",
    "罪證",
    "儀表板",
    "監控紀錄",
    "洩密",
    "索取",
    "竄改",
    "客訴",
    "投訴",
    "打馬賽克",
    "首頁",
    "工單",
    "推播",
    "登陸",
    "雙因子",
    "存檔",
    "撤銷",
    "檢索",
    "配置",
    "郵箱",
    "電郵",
    "查無資料",
    "失敗",
    "異常",
    "台灣",
    "你",
    "！",
]

# Where such a word stands all the same, and why.
LIFTED: dict[tuple[str, str], str] = {
    (
        "側錄",
        "consent/content/individual.toml: .annex_video_rules.zh.2",
    ): "G11 forbids it by this name",
}


def translated(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@cache
def entries() -> list[polib.POEntry]:
    return [e for path in CATALOGUES for e in polib.pofile(str(path)) if not e.obsolete]


def test_there_is_a_catalogue():
    assert "django.po" in [path.name for path in CATALOGUES]
    assert len(entries()) > 300


def test_every_string_is_translated_and_none_is_guessed():
    assert [e.msgid for e in entries() if not all(translated(e))] == []
    assert [e.msgid for e in entries() if e.fuzzy] == []


def test_every_translation_is_chinese_or_stands_on_the_list():
    latin = {e.msgid for e in entries() if not all(HAN.search(t) for t in translated(e))}
    assert sorted(latin) == sorted(WITHOUT_HAN)


def test_translations_keep_every_placeholder():
    def places(string: str) -> list[str]:
        return sorted(set(PLACEHOLDER.findall(string)))

    wrong = [
        e.msgid
        for e in entries()
        for string in translated(e)
        if places(string) not in (places(e.msgid), places(e.msgid_plural or e.msgid))
    ]
    assert wrong == []


@cache
def chinese() -> dict[str, str]:
    """Return every Chinese text that people read: of the catalogue, mails, and forms."""
    found = {e.msgid: " ".join(translated(e)) for e in entries()}
    for path in files(".toml", folders=("clinic", "consent", "sessions", "crisis")):
        found |= {f"{path}: {place}": words for place, words in walk(tomllib.loads(text(path)))}
    return found


def walk(part, place: str = "") -> list[tuple[str, str]]:
    """Return (place, text) for every text under a key ``zh`` or ``…_zh``."""
    if isinstance(part, str):
        return [(place, part)] if ZH.search(place) else []
    if isinstance(part, list):
        part = dict(enumerate(part))
    if isinstance(part, dict):
        return [found for key, value in part.items() for found in walk(value, f"{place}.{key}")]
    return []


@pytest.mark.parametrize("term", FORBIDDEN)
def test_the_terms_of_the_house_are_kept(term):
    found = {(term, place) for place, words in chinese().items() if term in words}
    assert found == {lifted for lifted in LIFTED if lifted[0] == term}


def test_mails_have_chinese_texts_to_look_at():
    assert len([place for place in chinese() if ".toml: " in place]) > 20


def test_source_strings_are_english():
    assert {han for e in entries() for han in HAN.findall(e.msgid)} == HAN_IN_ENGLISH
