"""The demo's clinic for tests: loaded once by each worker, then copied."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from clinic.demo.seed import seed
from clinic.kernel.action import _run
from tests import databases

WRITE = re.compile(
    r'\s*(?:WITH .*?)?(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.DOTALL | re.IGNORECASE
)


@contextmanager
def writes_outside_actions() -> Iterator[set[str]]:
    """Collect the tables that were written to while no action was under way."""
    found: set[str] = set()

    def watch(execute, sql, params, many, context):
        if (match := WRITE.match(sql)) and _run.get() is None:
            found.add(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


class KeptDemo:
    """A copy of the database and of the stored files, as they were when the demo was loaded.

    Loading takes many seconds, copying a fraction of one. The clinic is some minutes old when a
    later test gets it.
    """

    def __init__(self, folder: Path):
        self.files = folder / "media"
        self.name = f"{databases.name()}_demo"
        self.loaded_at: datetime | None = None
        self.written: set[str] = set()  # tables that loading wrote to outside of actions

    def put_into_place(self, now: datetime) -> None:
        """Fill the test's own empty database and its folder of files."""
        if self.loaded_at is None:
            with writes_outside_actions() as self.written:
                seed(now)
            self._keep()
            self.loaded_at = now
            return
        databases.end_other_sessions()
        databases.copy(self.name, databases.name())
        shutil.copytree(self.files, settings.MEDIA_ROOT, dirs_exist_ok=True)

    def _keep(self) -> None:
        databases.end_other_sessions()
        databases.copy(databases.name(), self.name)
        shutil.copytree(settings.MEDIA_ROOT, self.files)

    def drop(self) -> None:
        databases.drop(self.name)
