"""Fixtures that stand on one another, each built once for the tests of a folder that need it.

A folder's conftest makes its ``Stages`` and writes their fixtures in the order in which they build
on each other; the tests of the folder run in that order, lowest first, whichever module they stand
in. What a test does to the rows is undone after it. A test that commits what it does finds its
stages committed too. A module elsewhere imports the conftest's ``STAGES`` and the fixtures of both.
A module that has stages for itself alone calls them ``STAGES`` too, and names no conftest.

A stage depends on nothing that belongs to the test which happens to come first: no setting, patch
or folder of files; only the language is fixed. A test's stages may be ``OLDEST`` seconds old.
"""

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone, translation

from tests.databases import undone
from tests.house import STAFF, make_clinic, make_member, make_premises, make_town

# What a conftest with stages takes from here: all of it, for most are fixtures.
__all__ = ["Stages", "admin", "clinic", "counsellor", "intern", "now", "premises", "standing"]
__all__ += ["stranger", "supervisor", "town"]

Rows = dict[str, Any]
LANGUAGE = "zh-hant"  # in which stages are built, whichever test comes first
OLDEST = 30  # seconds: then they are built anew, for pages ask what time it is
# The lowest stages: a time, a clinic at its premises, and who works there.
HOUSE: dict[str, Callable] = {
    "now": timezone.now,
    "town": make_town,
    "premises": make_premises,
    **{who: partial(make_member, who) for who in STAFF},
    "clinic": lambda premises, supervisor: make_clinic(premises.town, supervisor),
}


def is_real(item: pytest.Item) -> bool:
    """Say whether a test commits what it does, so that other connections see it."""
    asked = item.get_closest_marker("django_db")
    if asked and asked.kwargs.get("transaction"):
        return True
    return not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


class Stages:
    """The fixtures of a folder, lowest first, and which of them stand at the moment."""

    of_folders: ClassVar[dict[Path, "Stages"]] = {}
    raised: ClassVar["Stages | None"] = None  # of which some may stand; no others do

    def __init__(self, conftest: str = ""):
        self.builders = dict(HOUSE)
        self.standing: list[tuple[Rows, ExitStack]] = []
        self.begun = 0.0  # when the lowest was built, by the monotonic clock
        self.place = conftest
        if conftest:
            self.of_folders[Path(conftest).parent] = self

    @classmethod
    def of(cls, module: ModuleType) -> "Stages | None":
        """Return the stages that a test module imports, else those of the nearest folder."""
        around = map(cls.of_folders.get, Path(module.__file__).parents)
        return getattr(module, "STAGES", None) or next(filter(None, around), None)

    @classmethod
    def make_way(cls, item: pytest.Item | None) -> None:
        """Take down what a test, or the end of all, must not find standing."""
        staged = item and "standing" in item.fixturenames and not is_real(item)
        kept = cls.of(item.module) if staged else None
        if cls.raised and (cls.raised is not kept or cls.raised.is_old()):
            cls.raised.clear()
            cls.raised = None

    def is_old(self) -> bool:
        return time.monotonic() - self.begun > OLDEST

    def fixture(self, build: Callable) -> Callable:
        """Make the next stage of a function whose arguments are lower stages."""
        self.builders[build.__name__] = build
        return _fixture(build.__name__, build.__doc__)

    def height(self, fixtures: list[str]) -> int:
        """Return how many stages a test needs that names these fixtures."""
        needed = (at for at, name in enumerate(self.builders, 1) if name in fixtures)
        return max(needed, default=0)

    @contextmanager
    def upto(self, height: int) -> Iterator[Rows]:
        """Let that many stages stand, and give the test its own view of their rows.

        :raises RuntimeError: if another fixture holds a transaction around the stages or among
            them, such as ``db`` or one of a whole module: its end would undo what it does not hold.
        """
        if _depth() != len(self.standing):
            raise RuntimeError("stages and another fixture both hold the database's transaction")
        while len(self.standing) > height:
            self.standing.pop()[1].close()
        if not self.standing:
            self.begun, Stages.raised = time.monotonic(), self
        for name in [*self.builders][len(self.standing) : height]:
            rows = copy.deepcopy(self.standing[-1][0]) if self.standing else {}
            with ExitStack() as block:
                block.enter_context(undone())
                self._build(name, rows)
                self.standing.append((rows, block.pop_all()))
        with undone():
            yield copy.deepcopy(self.standing[-1][0])

    def committed(self, height: int) -> Rows:
        """Build that many stages for good."""
        rows: Rows = {}
        for name in [*self.builders][:height]:
            self._build(name, rows)
        return rows

    def _build(self, name: str, rows: Rows) -> None:
        build = self.builders[name]
        given = {lower: rows[lower] for lower in signature(build).parameters}
        # In this order: a changed setting forgets the language that a test has chosen before.
        with translation.override(LANGUAGE), override_settings(LANGUAGE_CODE=LANGUAGE):
            rows[name] = build(**given)

    def clear(self) -> None:
        while self.standing:
            self.standing.pop()[1].close()


def _depth() -> int:
    """Return how many transactions are open, one within the other."""
    return connection.in_atomic_block + len(connection.savepoint_ids)


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return tests with those of the same stages together, in the order of these."""

    def key(item: pytest.Item) -> tuple[bool, str, int, str]:
        stages = Stages.of(item.module)
        if is_real(item) or not stages:
            return is_real(item), str(item.path), 0, ""
        return False, stages.place, stages.height(item.fixturenames), str(item.path)

    return sorted(items, key=key)


@pytest.fixture
def standing(request, django_db_setup, django_db_blocker) -> Iterator[Rows]:
    """The rows of the stages that this test names."""
    stages = Stages.of(request.module)
    height = stages.height(request.fixturenames)
    with django_db_blocker.unblock():
        if is_real(request.node):
            yield stages.committed(height)
            return
        with stages.upto(height) as rows:
            yield rows


def _fixture(name: str, doc: str | None = None) -> Callable:
    def found(standing: Rows):
        return standing[name]

    found.__doc__ = doc
    return pytest.fixture(name=name)(found)


now, town, premises, clinic = map(_fixture, ("now", "town", "premises", "clinic"))
admin, counsellor, stranger, supervisor, intern = map(_fixture, STAFF)
