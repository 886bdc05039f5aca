"""Every row of every source file equals what the directory holds and shows."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from crisis.directory.files import DATA, FILES, MAP, PLAN
from crisis.directory.listing import listed
from crisis.directory.wording import PURPOSES
from crisis.models import Resource
from crisis.sheet.steps import WORDS
from tests.databases import undone

HOTLINES, CENTRES, SCHOOLS, FACILITIES, PLANNED = (source.name for source in FILES)
STALE = "stale_2019_do_not_show"
NOT_CERTAIN = {"112", "165", "1953", "1955", "1966"}
SEPARATORS = re.compile(r"[、，；;,/\s]")


@dataclass(frozen=True)
class Whole:
    """The product's own files, loaded: what the loading printed, all rows, and what is shown."""

    printed: str
    rows: list[Resource]
    shown: list[dict[str, Any]]


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker) -> Iterator[Whole]:
    """Loaded once by the command, and read once, for all tests here: they only look."""
    out = io.StringIO()
    with django_db_blocker.unblock(), translation.override("en"), undone():
        call_command("load_directory", stdout=out)
        rows = Resource.objects.select_related("county", "town").prefetch_related("phones")
        yield Whole(out.getvalue(), list(rows), list(listed(timezone.now())))


@cache
def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_file() -> Counter:
    """What the files say, in their own words: name, county, township, phone, source, date."""
    said = Counter()
    for row in rows_of(HOTLINES):
        source = "; ".join(part for part in (row["source_1"], row["source_2"]) if part)
        date = row["source_checked_date"]
        said[(HOTLINES, row["name_zh"], "", "", row["number"], source, date)] += 1
    for row in rows_of(PLANNED):
        date = row["source_edit_date"].replace("/", "-").replace("尚未更新", "2025-12-04 尚未更新")
        place = row["county_zh"], row["town_zh"]
        said[(PLANNED, row["name"], *place, row["phone"], PLAN, date)] += 1
    for name in (CENTRES, SCHOOLS, FACILITIES):
        for row in rows_of(name):
            place = row["county_zh"], row["town_zh"]
            source, date = row.get("source", MAP), row["source_updated"]
            said[(name, row["name"], *place, row["phone"], source, date)] += 1
    return said


def printed(resource: Resource) -> str:
    """A row's numbers and note, without what merely stood between them."""
    parts = [phone.shown for phone in resource.phones.all()] + [resource.phone_note]
    return SEPARATORS.sub("", "".join(parts))


def place_of(resource: Resource) -> tuple[str, str]:
    county, town = resource.county, resource.town
    return county.name_zh if county else "", town.name_zh if town else ""


def test_every_row_of_every_file_equals_the_directory(whole):
    held = Counter(
        (r.source_file, r.name, *place_of(r), r.source_phone, r.source, r.source_dated)
        for r in whole.rows
    )
    assert held == in_file()


def test_nothing_of_a_phone_cell_is_lost_or_added(whole):
    lost = {
        r.source_phone: printed(r)
        for r in whole.rows
        if Counter(printed(r)) != Counter(SEPARATORS.sub("", r.source_phone))
    }
    assert lost == {}


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def test_what_is_dialled_is_printed_but_for_an_area_code_of_a_city_that_has_only_one(whole):
    not_printed = {
        (place_of(r)[0], phone.dial.removesuffix(digits(phone.shown)))
        for r in whole.rows
        for phone in r.phones.all()
        if phone.dial and phone.dial not in digits(phone.shown)
    }
    assert not_printed == {
        *(("臺北市", "02"), ("新北市", "02"), ("基隆市", "02")),
        *(("新竹市", "03"), ("臺南市", "06"), ("高雄市", "07")),
    }


def test_the_other_columns_equal_the_files(whole):
    held = {(r.source_file, r.name, r.source_key): r for r in whole.rows}
    for row in rows_of(PLANNED):
        key = f"{row['county_zh']} {row['name']}"
        r = held[PLANNED, row["name"], key]
        offers = {"Y": True, "N": False}[row["telecounselling"]]
        assert (r.offers_telecounselling, r.fee_note, r.address) == (
            offers,
            row["fee_note"],
            row["address"],
        )
    for name in (CENTRES, SCHOOLS, FACILITIES):
        for row in rows_of(name):
            r = held[name, row["name"], row["organize_id"] or row["name"]]
            hours = "" if row["hours"] == "-" else row["hours"]
            assert (r.hours, r.source_hours, r.address) == (hours, hours, row["address"])


def not_to_be_shown() -> set[tuple[str, str]]:
    """Keys of stale and 停發 rows, and of rows that another file of the same map has."""
    better = {(r["organize_id"], r["name"]) for n in (CENTRES, SCHOOLS) for r in rows_of(n)}
    hidden = {(CENTRES, r["organize_id"]) for r in rows_of(CENTRES) if r["status"] == STALE}
    for row in rows_of(FACILITIES):
        suspended = "停發" in row["service_item"]
        if suspended or (row["organize_id"], row["name"]) in better:
            hidden.add((FACILITIES, row["organize_id"]))
    return hidden


def held_back() -> set[tuple[str, str]]:
    """Keys of rows of who is suspended in another file, and of lines that are not certain."""
    place = itemgetter("name", "county_zh", "town_zh")
    suspended = {place(row) for row in rows_of(FACILITIES) if "停發" in row["service_item"]}
    twice = {
        (PLANNED, f"{row['county_zh']} {row['name']}")
        for row in rows_of(PLANNED)
        if place(row) in suspended
    }
    return twice | {(HOTLINES, number) for number in NOT_CERTAIN}


def test_stale_suspended_and_repeated_rows_are_never_shown(whole):
    every = {(r.source_file, r.source_key) for r in whole.rows}
    shown = {(row["source_file"], row["source_key"]) for row in whole.shown}
    assert every - shown == not_to_be_shown() | held_back()
    assert len(not_to_be_shown()) == 10 + 31 + 63


def test_who_is_suspended_in_one_file_is_not_shown_from_another(whole):
    suspended = {r["name"] for r in rows_of(FACILITIES) if "停發" in r["service_item"]}
    twice = {key.split()[1] for file, key in held_back() if file == PLANNED}
    assert twice == {"蕭文勝診所", "茂德診所", "六竹診所", "安立身心診所"}
    assert [row["name"] for row in whole.shown if row["name"] in suspended] == []


def test_lines_of_which_the_file_is_not_sure_are_not_shown(whole):
    said = {row["number"]: row["confidence"] for row in rows_of(HOTLINES)}
    assert {number for number, words in said.items() if not words.startswith("high")} == NOT_CERTAIN
    shown = {r["source_key"] for r in whole.shown if r["kind"] == "hotline"}
    assert shown == {*said} - NOT_CERTAIN


def test_the_lines_of_crisis_mode_name_none_of_them():
    raw = WORDS["situations"] + [WORDS["common"]]
    named = {number for part in raw for step in part["steps"] for number in step["hotlines"]}
    assert named == {"110", "113", "119", "1925", "1995"}
    assert not named & NOT_CERTAIN


def test_what_the_file_is_not_sure_of_in_part_is_to_be_read_again(whole):
    weak = {r.source_key for r in whole.rows if r.is_weak}
    assert weak == NOT_CERTAIN | {"1980", "1995"}  # their hours, their cost


def test_a_stale_number_is_in_no_shown_row(whole):
    stale = {r["phone"] for r in rows_of(CENTRES) if r["status"] == STALE}
    assert [row["name"] for row in whole.shown if stale & {*row["phones"]}] == []


def test_the_command_prints_counts_of_each_file(whole):
    lines = whole.printed.splitlines()
    assert lines[0] == f"{HOTLINES}: 13 rows  13 added  0 changed  0 withdrawn  0 kept edits"
    assert [line.split(":")[1].split()[0] for line in lines] == ["13", "42", "23", "1363", "616"]


def test_the_command_prints_what_is_shown(whole):
    out = io.StringIO()
    call_command("directory", "--json", stdout=out)
    assert json.loads(out.getvalue()) == list(listed(timezone.now()))
    lines = io.StringIO()
    call_command("directory", "--county", "花蓮縣", "--town", "花蓮市", stdout=lines)
    centre = "centre  花蓮縣花蓮市社區心理衛生中心  花蓮縣花蓮市  03-8351885  "
    assert [line for line in lines.getvalue().splitlines() if line.startswith("centre")] == [
        f"{centre}{MAP} (2025-10-02)  not confirmed"
    ]


def test_how_many_of_each_kind_are_shown(whole):
    kinds = Counter(row["kind"] for row in whole.shown)
    assert (kinds["hotline"], kinds["school"]) == (13 - 5, 23)
    assert kinds["centre"] == 32 + 1  # and 花蓮縣鳳林鎮, which only the map's own file has


def test_the_purposes_of_the_hotlines_are_those_of_the_file():
    said = {row["number"]: row["purpose_en"] for row in rows_of(HOTLINES)}
    assert {number: str(words) for number, words in PURPOSES.items()} == said
