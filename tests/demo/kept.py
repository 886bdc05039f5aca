"""The demo's clinic for tests that write to it: loaded once by each worker, then copied."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings

from clinic.demo.seed import seed
from tests import databases


class KeptDemo:
    """A copy of the database and of the stored files, as they were when the demo was loaded.

    Loading takes many seconds, copying a fraction of one. The clinic is some minutes old when a
    later test gets it.
    """

    def __init__(self, folder: Path):
        self.files = folder / "media"
        self.name = f"{databases.name()}_demo"
        self.loaded = False

    def put_into_place(self, now: datetime) -> None:
        """Fill the test's own empty database and its folder of files."""
        if not self.loaded:
            seed(now)
            self._keep()
            return
        databases.end_other_sessions()
        databases.copy(self.name, databases.name())
        shutil.copytree(self.files, settings.MEDIA_ROOT, dirs_exist_ok=True)

    def _keep(self) -> None:
        databases.end_other_sessions()
        databases.copy(databases.name(), self.name)
        shutil.copytree(settings.MEDIA_ROOT, self.files)
        self.loaded = True

    def drop(self) -> None:
        databases.drop(self.name)
