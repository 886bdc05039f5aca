"""The demo's clinic for tests: loaded once for all workers, then copied."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from clinic.demo.seed import load_demo, seed
from clinic.kernel.action import _run
from tests import databases

WRITE = re.compile(
    r'\s*(?:WITH .*?)?(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.DOTALL | re.IGNORECASE
)


# Loading the demo is an action around all others: it writes their history, and nothing else itself.
AROUND = load_demo.verb
HISTORY = {"clinic_auditentry", "clinic_audithead"}


@contextmanager
def writes_outside_actions() -> Iterator[set[str]]:
    """Collect the tables that were written to while no action of their own was under way."""
    found: set[str] = set()

    def watch(execute, sql, params, many, context):
        run, match = _run.get(), WRITE.match(sql)
        around = run is not None and run.verb == AROUND
        if match and (run is None or (around and match[1] not in HISTORY)):
            found.add(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


class KeptDemo:
    """A copy of the database and of the stored files, as they were when the demo was loaded.

    Loading takes many seconds, copying a fraction of one. The first worker that needs the demo
    loads it for all, so it is some minutes old when a later test gets it.
    """

    def __init__(self, folder: Path):
        """``folder`` is the same for all workers."""
        self.folder, self.files, self.told = folder, folder / "media", folder / "told.json"
        self.name = f"{databases.without_worker()}_demo"
        self.needed_here = folder / f"needed_by_{os.getpid()}"
        self.folder.mkdir(exist_ok=True)
        self.needed_here.touch()

    @property
    def loaded_at(self) -> datetime:
        return datetime.fromisoformat(self._told()["at"])

    @property
    def written(self) -> set[str]:
        """The tables that loading wrote to outside of actions."""
        return set(self._told()["written"])

    def put_into_place(self, now: datetime) -> None:
        """Fill the test's own empty database and its folder of files."""
        with databases.alone(self.folder):
            if not self.told.exists():
                self._load(now)
                return
            databases.end_other_sessions()
            databases.copy(self.name, databases.name())
            shutil.copytree(self.files, settings.MEDIA_ROOT, dirs_exist_ok=True)

    def drop(self) -> None:
        """Remove the copy, when no other worker needs it."""
        with databases.alone(self.folder):
            self.needed_here.unlink()
            if not any(self.folder.glob("needed_by_*")):
                self.told.unlink(missing_ok=True)
                shutil.rmtree(self.files, ignore_errors=True)
                databases.drop(self.name)

    def _told(self) -> dict[str, Any]:
        return json.loads(self.told.read_text())

    def _load(self, now: datetime) -> None:
        with writes_outside_actions() as written:
            seed(now)
        databases.end_other_sessions()
        databases.copy(databases.name(), self.name)
        shutil.copytree(settings.MEDIA_ROOT, self.files)
        self.told.write_text(json.dumps({"at": now.isoformat(), "written": sorted(written)}))
