"""The source files: their columns, and how a line of each becomes an entry of the directory."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from crisis.models import Resource

DATA = Path(__file__).resolve().parent.parent / "data"
MAP = "MOHW map data via github yuuu75/MyMapWebsite"
PLAN = "MOHW support plan for ages 15 to 45 (sps.mohw.gov.tw/mhs), snapshot of 2025-12"
STALE_CENTRES = 2019  # centres of that year or before are the ones marked as not to be shown
PLAN_DAY = date(2025, 12, 4)  # the day of that snapshot, for rows that say 尚未更新
NOT_UPDATED = "尚未更新"
NOTHING = ("-", "")  # what the map prints where it has nothing

Kind, Level, Status = Resource.Kind, Resource.Level, Resource.Status
Line = Mapping[str, str]


class BadLine(ValueError):
    """A line that cannot be read; the text says why, in the reader's language."""


@dataclass(frozen=True)
class Entry:
    """One line of a file, read. ``values`` are columns of Resource; ``phone`` the printed cell."""

    key: str
    phone: str
    county: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceFile:
    """A file: its name, the columns that must be there, and how a line is read."""

    name: str
    columns: tuple[str, ...]
    read: Callable[[Line], Entry]


def read_day(text: str) -> date:
    """Return the first day that ``2025-11-27``, ``2025/11/27``, ``2025-09`` or ``2026`` can mean."""
    match = re.fullmatch(r"(\d{4})(?:([-/])(\d{2})(?:\2(\d{2}))?)?", text)
    if not match:
        raise BadLine(_unknown_date(text))
    try:
        return date(int(match[1]), int(match[3] or 1), int(match[4] or 1))
    except ValueError as error:
        raise BadLine(_unknown_date(text)) from error


def _unknown_date(text: str) -> str:
    return _("“%(text)s” is no date that is known here") % {"text": text}


def _chosen(line: Line, column: str, words: Mapping[str, Any]) -> Any:
    """Return what a word of a closed list means."""
    if line[column] not in words:
        problem = _("“%(text)s” is not one of the words of the column %(column)s")
        raise BadLine(problem % {"text": line[column], "column": column})
    return words[line[column]]


def _thing(text: str) -> str:
    return "" if text in NOTHING else text


def _dated(text: str) -> dict[str, Any]:
    return {"source_date": read_day(text), "source_dated": text.replace("/", "-")}


def _common(line: Line) -> dict[str, Any]:
    return {
        "name": line["name"],
        "address": line["address"],
        "hours": _thing(line.get("hours", "")),
        "url": _address(line.get("url", "")),
    }


def _address(text: str) -> str:
    """A web address, or nothing: no other text may become a link."""
    return text if re.fullmatch(r"https?://[^\s<>\"]+", text) else ""


def _hotline(line: Line) -> Entry:
    values = {
        "kind": Kind.HOTLINE,
        "level": Level.NATIONAL,
        "status": Status.SHOWN,
        "name": line["name_zh"],
        "purpose": line["purpose_en"],
        "hours": line["hours"],
        "fee_note": line["cost"],
        "languages": line["languages"],
        "text_channel": line["text_channel"],
        "source": "; ".join(part for part in (line["source_1"], line["source_2"]) if part),
        "confidence": line["confidence"],
        **_dated(line["source_checked_date"]),
    }
    return Entry(line["number"], line["number"], "", values)


def _centre(line: Line) -> Entry:
    shown = {"ok": Status.SHOWN, "stale_2019_do_not_show": Status.STALE}
    values = _common(line) | {
        "kind": Kind.CENTRE,
        "level": Level.COUNTY,
        "status": _chosen(line, "status", shown),
        "source": line["source"],
        **_dated(line["source_updated"]),
    }
    return Entry(line["organize_id"] or line["name"], line["phone"], line["county_zh"], values)


def _mapped(line: Line, kind: str, level: str) -> Entry:
    values = _common(line) | {
        "kind": kind,
        "level": level,
        "status": Status.SUSPENDED if "停發" in line["service_item"] else Status.SHOWN,
        "source": MAP,
        **_dated(line["source_updated"]),
    }
    return Entry(line["organize_id"], line["phone"], line["county_zh"], values)


def _facility(line: Line) -> Entry:
    kind = kind_of(line["service_item"], line["name"])
    if kind != Kind.CENTRE:
        return _mapped(line, kind, Level.TOWN)
    entry = _mapped(line, kind, Level.COUNTY)
    stale = entry.values["source_date"].year <= STALE_CENTRES
    return replace(entry, values=entry.values | {"status": Status.STALE}) if stale else entry


def _school(line: Line) -> Entry:
    return _mapped(line, Kind.SCHOOL, Level.COUNTY)


def _planned(line: Line) -> Entry:
    kinds = {"心理諮商所": Kind.COUNSELLING, "心理治療所": Kind.COUNSELLING, "醫療機構": ""}
    dated = {"source_date": PLAN_DAY, "source_dated": f"{PLAN_DAY} {NOT_UPDATED}"}
    day = line["source_edit_date"]
    values = _common(line) | {
        "kind": _chosen(line, "kind", kinds) or kind_of("", line["name"]),
        "level": Level.TOWN if line["town_code"] else Level.COUNTY,
        "status": Status.SHOWN,
        "offers_telecounselling": _chosen(line, "telecounselling", {"Y": True, "N": False}),
        "fee_note": line["fee_note"],
        "source": PLAN,
        **(dated if day == NOT_UPDATED else _dated(day)),
    }
    key = f"{line['county_zh']} {line['name']}"
    return Entry(key, line["phone"], line["county_zh"], values)


# What a registered type or, where none is printed, a name says of the kind; the first match counts.
KINDS = (
    (r"輔導諮商中心", Kind.SCHOOL),
    (r"社區心理?衛生?中心", Kind.CENTRE),
    (r"諮商所|治療所", Kind.COUNSELLING),
    (r"診所|醫務室", Kind.MEDICAL),
    (r"醫院|療養院|院區|總醫院|分院", Kind.HOSPITAL),
)


def kind_of(service_item: str, name: str) -> str:
    """Return the kind by the registered type, else by the name; what says nothing is other help."""
    for text in (name if "中心" in name else "", service_item, name):
        for pattern, kind in KINDS:
            if re.search(pattern, text):
                return kind
    return Kind.OTHER


PLACE = ("county_zh", "town_zh", "town_code", "address", "phone")
MAPPED = ("organize_id", "name", "service_item", *PLACE, "hours", "source_updated", "url")
FILES = (
    SourceFile(
        "national_hotlines.csv",
        (
            *("number", "name_zh", "purpose_en", "hours", "cost", "languages", "text_channel"),
            *("source_1", "source_2", "source_checked_date", "confidence"),
        ),
        _hotline,
    ),
    SourceFile(
        "community_mental_health_centers.csv",
        ("organize_id", "name", *PLACE, "hours", "source_updated", "status", "source", "url"),
        _centre,
    ),
    SourceFile("student_counseling_centers.csv", MAPPED, _school),
    SourceFile("mental_health_facilities.csv", MAPPED, _facility),
    SourceFile(
        "mohw_support_plan_institutions_2025-12.csv",
        ("name", "kind", *PLACE, "telecounselling", "fee_note", "source_edit_date"),
        _planned,
    ),
)
