"""Reading telephone cells: what is shown, what is dialled, and what never becomes a link."""

import pytest

from crisis.directory.finding import Phone
from crisis.directory.numbers import Number, read_numbers

WHOLE = [
    ("02-33937885", "0233937885"),
    ("(02)2955-7768", "0229557768"),
    ("（03）3970681", "033970681"),
    ("04 22120083", "0422120083"),
    ("04-7127839", "047127839"),
    ("037-558733", "037558733"),
    ("049-2202662", "0492202662"),
    ("089-230295", "089230295"),
    ("082-337885", "082337885"),
    ("06─5902336", "065902336"),
    ("0968-070-620", "0968070620"),
    ("0985 652 350", "0985652350"),
    ("0800-013-999", "0800013999"),
    ("0809-010-580", "0809010580"),
    ("+44 7700 900 101", "+447700900101"),
]
# A digit too many, one lost, an area code on its own, a local number that could be of two areas.
UNCERTAIN = [
    ("08-87337192", "屏東縣"),
    ("09587449901", "臺北市"),
    ("02 4631979", "基隆市"),
    ("965518580", "臺東縣"),
    ("03/3467895", "桃園市"),
    ("3520876", "桃園市"),
    ("5505550", "新竹縣"),
    ("35586857", "新竹縣"),
    ("22121100-511", "新北市"),
    ("082-332546-1201", "金門縣"),
    ("038358141-6125", "花蓮縣"),
    ("(02)2427-10000968-522-731", "基隆市"),
    ("0000-000-061", "花蓮縣"),
]
NO_NUMBER = [
    "請洽各輔諮中心分機",
    "請洽各分區中心聯絡資訊 https://scc.tc.edu.tw/CS_Taichung/index2.aspx?flag=AboutUs010",
    "無",
    "Line ID：@048mljoz",
    "無，掛號使用LINE: https://lin.ee/LtdIoAY，ID: @794pxozg",
    "從網站FB申請預約",
    "https://example.com/0900000000",
    "",
]


@pytest.mark.parametrize(("cell", "dial"), WHOLE)
def test_a_whole_number_is_dialled_as_printed(cell, dial):
    assert read_numbers(cell, "花蓮縣") == ([Number(cell, dial)], "")


@pytest.mark.parametrize(("cell", "county"), UNCERTAIN)
def test_what_is_not_certain_is_shown_and_never_dialled(cell, county):
    assert read_numbers(cell, county) == ([Number(cell)], "")


@pytest.mark.parametrize("cell", NO_NUMBER)
def test_a_text_that_is_no_number_is_a_note(cell):
    assert read_numbers(cell, "臺北市") == ([], cell)


@pytest.mark.parametrize(
    ("cell", "county", "dial"),
    [
        ("25523234", "臺北市", "0225523234"),
        ("2570-2296", "臺北市", "0225702296"),
        ("662-7802", "高雄市", "076627802"),
        ("2810008", "臺南市", "062810008"),
        ("5771057", "新竹市", "035771057"),
    ],
)
def test_a_city_that_lies_in_one_area_completes_a_local_number(cell, county, dial):
    assert read_numbers(cell, county) == ([Number(cell, dial)], "")
    assert read_numbers(cell, "") == ([Number(cell)], "")


def test_several_numbers_in_one_cell():
    cells = {
        "02-25980305、0988-676135、0972-795502": ["0225980305", "0988676135", "0972795502"],
        "03-3656995 03-3657995": ["033656995", "033657995"],
        "02-22193391/02-22123066": ["0222193391", "0222123066"],
        "0972-706-289(02)2601-2992": ["0972706289", "0226012992"],
        "03-2122721 ; 0916-832895": ["032122721", "0916832895"],
        "04-2657-9595#568，0919817961": ["0426579595", "0919817961"],
    }
    for cell, dials in cells.items():
        assert [number.dial for number in read_numbers(cell, "")[0]] == dials, cell


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("02-27321104轉86001", ("0227321104", "86001", "")),
        ("05-2762270 分機 10", ("052762270", "10", "")),
        ("03-3281200 轉分機2479", ("033281200", "2479", "")),
        ("06─5902336＃28", ("065902336", "28", "")),
        ("02-27527588轉16(星期日、一休息)", ("0227527588", "16", "星期日、一休息")),
        ("07-7131500轉2511-2530", ("077131500", "", "轉2511-2530")),
        ("02-23889595轉8004、8001", ("0223889595", "", "轉8004、8001")),
        ("04-27062016(心衛社工專線)", ("0427062016", "", "心衛社工專線")),
        ("竹東:03-5110916", ("035110916", "", "竹東")),
        ("0910-222280 (LINE官方帳號：@childpsy)", ("0910222280", "", "LINE官方帳號:@childpsy")),
    ],
)
def test_extensions_and_remarks(cell, number):
    assert read_numbers(cell, "") == ([Number(cell, *number)], "")


def test_public_lines_of_three_or_four_digits_only_where_they_are_expected():
    assert read_numbers("1925", short=True) == ([Number("1925", "1925")], "")
    assert read_numbers("1925") == ([], "1925")


def test_the_link_pauses_before_an_extension_and_says_which_area_code_was_added():
    phone = Phone("25523234轉2101", "0225523234", "2101", "")
    assert (phone.href, phone.added) == ("tel:0225523234,2101", "02")
    assert Phone("02-25523234", "0225523234", "", "").added == ""
    assert Phone("1925", "1925", "", "").added == ""
