"""A bad file is refused as a whole, with file, line and reason, and nothing is changed."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.models import AuditEntry
from crisis.directory.files import FILES
from crisis.directory.loading import load_directory
from crisis.models import DirectoryLoad, Resource, ResourcePhone
from tests.crisis.directory.conftest import LOADER

HOTLINES, CENTRES, SCHOOLS, FACILITIES, PLANNED = (source.name for source in FILES)
CENTRE = "1724,臺北市中正區社區心理衛生中心,臺北市,中正區,63000050,"


def spoil(folder, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


BAD = {
    "unknown township": (
        CENTRES,
        "中正區,63000050",
        "無此區,63000999",
        "line 2: the township “無此區” (63000999) is not known in 臺北市.",
    ),
    "township of another county": (
        CENTRES,
        "臺北市,中正區,63000050",
        "新北市,中正區,63000050",
        "line 2: the township “中正區” (63000050) is not known in 新北市.",
    ),
    "unknown county": (
        SCHOOLS,
        "臺北市,中山區,63000040",
        "無此市,中山區,63000040",
        "line 2: the county “無此市” is not known.",
    ),
    "duplicate key": (
        CENTRES,
        "1726,臺北市文山區",
        "1724,臺北市文山區",
        "line 3: “1724” stands in the file twice.",
    ),
    "formula": (
        CENTRES,
        "02-33937885",
        '"=HYPERLINK(""http://a.example"")"',
        "line 2: the column phone begins like a formula.",
    ),
    "formula with a plus": (
        PLANNED,
        "冬青心理治療所",
        "+cmd|calc",
        "line 2: the column name begins like a formula.",
    ),
    "formula with an at sign": (
        PLANNED,
        "02-23882552",
        "@SUM(1)",
        "line 2: the column phone begins like a formula.",
    ),
    "formula in a column that is not used": (
        PLANNED,
        "25.046081009808",
        "=1+1",
        "line 2: the column lat begins like a formula.",
    ),
    "a cell too many": (
        CENTRES,
        "02-33937885,",
        "02-33937885,12,",
        "line 2: the line has 14 cells, the header 13.",
    ),
    "missing column": (
        CENTRES,
        "county_zh,town_zh",
        "county,town_zh",
        "line 1: these columns are missing: county_zh.",
    ),
    "unknown date": (
        PLANNED,
        "2025/11/27",
        "27/11/2025",
        "line 2: “27/11/2025” is no date that is known here.",
    ),
    "impossible date": (
        CENTRES,
        "2025-10-02",
        "2025-13-02",
        "line 2: “2025-13-02” is no date that is known here.",
    ),
    "date in the future": (
        CENTRES,
        "2025-10-02",
        "2190-10-02",
        "line 2: the date 2190-10-02 lies in the future.",
    ),
    "no date": (SCHOOLS, "2025-10-02", "", "line 2: “” is no date that is known here."),
    "unknown state": (
        CENTRES,
        ",ok,",
        ",perhaps,",
        "line 2: “perhaps” is not one of the words of the column status.",
    ),
    "unknown answer": (
        PLANNED,
        ",Y,",
        ",yes,",
        "line 2: “yes” is not one of the words of the column telecounselling.",
    ),
    "no name": (HOTLINES, "110,警察報案專線,", "110,,", "line 2: the name is empty."),
    "no source": (
        HOTLINES,
        "github j172/health data/government-hotlines.json @de112d3",
        "",
        "line 2: the source is empty.",
    ),
    "name too long": (
        CENTRES,
        "臺北市中正區社區心理衛生中心",
        "心" * 121,
        "line 2: the name is longer than 120 characters.",
    ),
    "invisible signs": (
        CENTRES,
        "02-33937885",
        "02-3393\x007885",
        "line 2: the column phone holds invisible signs.",
    ),
    "open quotation mark": (
        CENTRES,
        "02-33937885",
        '"02-33937885',
        "the quotation marks do not match",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_file_line_and_reason(divisions, folder, now, what):
    name, old, new, reason = BAD[what]
    spoil(folder, name, old, new)
    with pytest.raises(Refused) as refused:
        load_directory(folder=folder, by=LOADER, now=now)
    assert (refused.value.code, str(refused.value).split(" ", 1)[0]) == (
        "directory.bad_file",
        f"{name}," if "line" in reason or "quotation" in reason else f"{name}:",
    )
    assert reason in str(refused.value)
    assert (Resource.objects.count(), DirectoryLoad.objects.count()) == (0, 0)


def test_a_file_that_is_not_utf_8_is_refused(divisions, folder, now):
    text = (folder / CENTRES).read_text(encoding="utf-8")
    (folder / CENTRES).write_bytes(text.encode("big5", errors="replace"))
    with pytest.raises(Refused) as refused:
        load_directory(folder=folder, by=LOADER, now=now)
    assert str(refused.value) == (
        f"{CENTRES}, line 2: the text is not UTF-8. Nothing was changed. Correct the file."
    )


def test_a_file_that_is_missing_is_refused(divisions, folder, now):
    (folder / SCHOOLS).unlink()
    with pytest.raises(Refused) as refused:
        load_directory(folder=folder, by=LOADER, now=now)
    assert str(refused.value) == (
        f"{SCHOOLS}: the file is missing or cannot be read. Nothing was changed. Correct the file."
    )


@pytest.mark.parametrize("rest", [0, 1])
def test_an_empty_file_is_refused_so_that_not_every_row_seems_gone(divisions, folder, now, rest):
    lines = (folder / SCHOOLS).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / SCHOOLS).write_text("".join(lines[:rest]), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_directory(folder=folder, by=LOADER, now=now)
    assert str(refused.value) == (
        f"{SCHOOLS}: the file holds no rows. Nothing was changed. Correct the file."
    )


def test_a_bad_file_leaves_a_loaded_directory_as_it_was(loaded, folder, now):
    before = list(Resource.objects.order_by("pk").values())
    phones = list(ResourcePhone.objects.order_by("pk").values())
    entries = AuditEntry.objects.count()
    spoil(folder, HOTLINES, "警察報案專線", "另一個名字")  # a good change in one file
    spoil(folder, CENTRES, "中正區,63000050", "無此區,63000999")  # a bad one in another
    with pytest.raises(CommandError, match="line 2: the township “無此區”"):
        call_command("load_directory", "--from", str(folder), stdout=StringIO())
    assert list(Resource.objects.order_by("pk").values()) == before
    assert list(ResourcePhone.objects.order_by("pk").values()) == phones
    assert AuditEntry.objects.count() == entries


def test_many_problems_are_said_at_once_but_not_endlessly(divisions, folder, now):
    text = (folder / PLANNED).read_text(encoding="utf-8")
    (folder / PLANNED).write_text(text.replace("2025/11/", "11/"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_directory(folder=folder, by=LOADER, now=now)
    assert str(refused.value).count("is no date that is known here") == 10
    assert "more. Nothing was changed." in str(refused.value)


def test_a_plus_before_a_number_and_an_empty_place_are_no_formula(divisions, folder, now):
    spoil(folder, CENTRES, "02-33937885", "+886 2 3393 7885")
    load_directory(folder=folder, by=LOADER, now=now)
    centre = Resource.objects.get(source_file=CENTRES, source_key="1724")
    assert [(p.shown, p.dial) for p in centre.phones.all()] == [
        ("+886 2 3393 7885", "+886233937885")
    ]


def test_only_administrators_and_the_software_itself_load(divisions, counsellor, now):
    with pytest.raises(NotAllowed):
        load_directory(by=counsellor, now=now)


def test_today_is_no_future(divisions, folder, now):
    today = timezone.localdate(now)
    spoil(folder, CENTRES, "2025-10-02", today.isoformat())
    load_directory(folder=folder, by=LOADER, now=now)
    spoil(folder, CENTRES, today.isoformat(), (today + timedelta(days=1)).isoformat())
    with pytest.raises(Refused):
        load_directory(folder=folder, by=LOADER, now=now)
