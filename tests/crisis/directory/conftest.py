"""A small directory, cut from the product's own files, and a place to load other files from."""

import csv
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.utils import translation

from clinic.kernel.actors import System
from clinic.organisation.divisions import load_divisions
from crisis.directory.files import DATA, FILES
from crisis.directory.loading import load_directory
from crisis.models import DirectoryLoad
from tests.conftest import sign_in
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.stages import Stages

STAGES = Stages(__file__)

LOADER = System("directory")
COUNTIES = ("花蓮縣", "澎湖縣", "連江縣")
KEPT = ("停發", "2018-07-05", "08-87337192", "stale_2019_do_not_show")


@pytest.fixture(autouse=True)
def english():
    """Words are compared in English, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def browse():
    """``browse(user)`` is a signed-in, verified browser that reads English."""

    def signed_in(user):
        browser = sign_in(user)
        browser.cookies["language"] = "en"
        return browser

    return signed_in


def _small(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == sum(1 for _row in csv.reader(lines))  # no cell holds a line break
    wanted = (*COUNTIES, *KEPT)
    kept = [line for line in lines[15:] if any(word in line for word in wanted)]
    return "".join(lines[:15] + kept)


@cache
def _small_files() -> dict[str, str]:
    """The source files, cut to a few counties, the first lines and what is marked."""
    return {source.name: _small(DATA / source.name) for source in FILES}


def _put(folder: Path) -> Path:
    folder.mkdir()
    for name, text in _small_files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.fixture
def folder(tmp_path) -> Path:
    """The small files, for a test to spoil."""
    return _put(tmp_path / "directory")


@STAGES.fixture
def divisions() -> int:
    """The counties and townships; how many there are."""
    return load_divisions()


@STAGES.fixture
def loaded(divisions, now) -> DirectoryLoad:
    """The small files, loaded."""
    with TemporaryDirectory() as place, translation.override("en"):
        return load_directory(folder=_put(Path(place, "directory")), by=LOADER, now=now)
