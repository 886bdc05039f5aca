"""A small directory, cut from the product's own files, and a place to load other files from."""

import csv
from pathlib import Path

import pytest
from django.utils import translation

from clinic.kernel.actors import System
from clinic.organisation.divisions import load_divisions
from crisis.directory.files import DATA, FILES
from crisis.directory.loading import load_directory
from crisis.models import DirectoryLoad
from tests.conftest import sign_in

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


@pytest.fixture
def divisions(db) -> int:
    return load_divisions()


@pytest.fixture(scope="session")
def small_files(tmp_path_factory) -> dict[str, str]:
    """The source files, cut to a few counties, the first lines and what is marked."""
    return {source.name: _small(DATA / source.name) for source in FILES}


def _small(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == sum(1 for _row in csv.reader(lines))  # no cell holds a line break
    wanted = (*COUNTIES, *KEPT)
    kept = [line for line in lines[15:] if any(word in line for word in wanted)]
    return "".join(lines[:15] + kept)


@pytest.fixture
def folder(tmp_path, small_files) -> Path:
    """The small files, for a test to spoil."""
    copy = tmp_path / "directory"
    copy.mkdir()
    for name, text in small_files.items():
        (copy / name).write_text(text, encoding="utf-8", newline="")
    return copy


@pytest.fixture
def loaded(divisions, folder, now) -> DirectoryLoad:
    """The small files, loaded."""
    return load_directory(folder=folder, by=LOADER, now=now)
