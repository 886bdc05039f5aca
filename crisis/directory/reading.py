"""Reading the source files as a whole: one bad cell anywhere, and nothing of them is used."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db import models
from django.utils.translation import gettext as _

from clinic.errors import Refused
from clinic.organisation.models import County, Town
from crisis.directory.files import FILES, BadLine, Entry, Line, SourceFile
from crisis.models import Resource

MOST_PROBLEMS = 10  # said at once; somebody who mends a file wants more than the first
LARGEST = 5_000_000  # bytes; the largest of the files has 400 000
FORMULA = re.compile(r"[=+\-@\t\r]")
NO_FORMULA = re.compile(r"-|[+-]\d[\d .-]*")  # an empty place of the map, a plain number
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class ReadFile:
    """A file that was read whole; entries by their key, in the order of the file."""

    name: str
    sha256: str
    entries: dict[str, Entry]


class Places:
    """Counties and townships by code, and whether a line names them rightly. Two queries."""

    def __init__(self):
        self.counties = {county.name_zh: county for county in County.objects.all()}
        self.towns = {town.code: town for town in Town.objects.all()}

    def of(self, line: Line) -> dict[str, County | Town | None]:
        """Return the place of a line; raises BadLine for one that does not exist."""
        county = self.counties.get(line["county_zh"])
        if county is None:
            raise BadLine(_("the county “%(name)s” is not known") % {"name": line["county_zh"]})
        code, name = line["town_code"], line["town_zh"]
        if not code and not name:
            return {"county": county, "town": None}
        town = self.towns.get(code)
        if town is None or (town.name_zh, town.county_id) != (name, county.code):
            words = _("the township “%(name)s” (%(code)s) is not known in %(county)s")
            raise BadLine(words % {"name": name, "code": code, "county": county.name_zh})
        return {"county": county, "town": town}


def read_folder(folder: Path, today: date) -> list[ReadFile]:
    """Read every source file of ``folder``. Raises Refused with file, line and reason.

    :param today: no source can be of a later day.
    """
    places, problems, files = Places(), [], []
    for source in FILES:
        reader = _Reader(source, places, today)
        files.append(reader.read(folder / source.name))
        problems += reader.problems
    if problems:
        shown = " ".join(problems[:MOST_PROBLEMS])
        more = len(problems) - MOST_PROBLEMS
        if more > 0:
            shown += " " + _("And %(number)s more.") % {"number": more}
        raise Refused("directory.bad_file", shown, _("Nothing was changed. Correct the file."))
    return _without_repeats(files)


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, source: SourceFile, places: Places, today: date):
        self.source, self.places, self.today = source, places, today
        self.problems: list[str] = []

    def read(self, path: Path) -> ReadFile:
        entries: dict[str, Entry] = {}
        content = self._content(path)
        for number, line in self._lines(content.decode("utf-8-sig")):
            try:
                self._add(line, entries)
            except BadLine as problem:
                self._say(number, str(problem))
        if not entries and not self.problems:  # or every row of it would count as gone
            self._say(0, _("the file holds no rows"))
        return ReadFile(self.source.name, hashlib.sha256(content).hexdigest(), entries)

    def _content(self, path: Path) -> bytes:
        """Return the file's bytes; none where they cannot be used."""
        try:
            content = path.read_bytes()
            content.decode("utf-8-sig")
        except OSError:
            self._say(0, _("the file is missing or cannot be read"))
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self._say(line, _("the text is not UTF-8"))
        else:
            if len(content) <= LARGEST:
                return content
            self._say(0, _("the file is too large"))
        return b""

    def _lines(self, text: str) -> Iterator[tuple[int, Line]]:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = next(reader, []) if text else list(self.source.columns)
            if missing := [name for name in self.source.columns if name not in header]:
                words = _("these columns are missing: %(names)s")
                self._say(1, words % {"names": ", ".join(missing)})
                return
            for cells in reader:
                if len(cells) == len(header):
                    yield reader.line_num, dict(zip(header, cells, strict=True))
                elif cells:
                    words = _("the line has %(number)s cells, the header %(header)s")
                    counts = {"number": len(cells), "header": len(header)}
                    self._say(reader.line_num, words % counts)
        except csv.Error:
            self._say(reader.line_num, _("the quotation marks do not match"))

    def _add(self, line: Line, entries: dict[str, Entry]) -> None:
        for column, text in line.items():
            check_cell(column, text)
        entry = self.source.read(line)
        if entry.key in entries:
            raise BadLine(_("“%(key)s” stands in the file twice") % {"key": entry.key})
        if "county_zh" in line:
            entry = replace(entry, values=entry.values | self.places.of(line))
        check_values(entry, self.today)
        entries[entry.key] = entry

    def _say(self, line: int, problem: str) -> None:
        words = _("%(file)s, line %(line)s: %(problem)s.") if line else _("%(file)s: %(problem)s.")
        names = {"file": self.source.name, "line": line, "problem": problem}
        self.problems.append(words % names)


def check_cell(column: str, text: str) -> None:
    """Raise BadLine for a cell that a spreadsheet would run, or with invisible signs in it."""
    if FORMULA.match(text) and not NO_FORMULA.fullmatch(text):
        raise BadLine(_("the column %(column)s begins like a formula") % {"column": column})
    if CONTROL.search(text):
        raise BadLine(_("the column %(column)s holds invisible signs") % {"column": column})


def check_values(entry: Entry, today: date) -> None:
    """Raise BadLine for what the database could not hold or nobody could believe."""
    given = {"source_key": entry.key, "source_phone": entry.phone} | entry.values
    for name in ("source_key", "name", "source"):
        if not given[name].strip():
            raise BadLine(_("the %(field)s is empty") % {"field": name.replace("_", " ")})
    for name, value in given.items():
        field = Resource._meta.get_field(name)
        if isinstance(field, models.CharField) and len(str(value)) > field.max_length:
            words = _("the %(field)s is longer than %(most)s characters")
            shown = {"field": name.replace("_", " "), "most": field.max_length}
            raise BadLine(words % shown)
    if given["source_date"] > today:
        day = {"day": given["source_dated"]}
        raise BadLine(_("the date %(day)s lies in the future") % day)


def _without_repeats(files: list[ReadFile]) -> list[ReadFile]:
    """Mark rows of the facility file that another file of the same map has with more care.

    The map's own file repeats the community centres (stale ones without saying so) and the
    school centres; only the other file's row may be shown.
    """
    elsewhere: set[tuple[str, str]] = set()
    for file in files:
        for key, entry in file.entries.items():
            row = (key, entry.values["name"])
            if file.name == "mental_health_facilities.csv" and row in elsewhere:
                values = entry.values | {"status": Resource.Status.REPEATED}
                file.entries[key] = replace(entry, values=values)
            elsewhere.add(row)
    return files
