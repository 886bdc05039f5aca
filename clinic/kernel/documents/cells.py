"""Owning a cell: starting it without any secret, asking it, and replacing one that died."""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from clinic.kernel.documents.cell.frames import TOOK_TOO_LONG, read_frame, write_frame

FOLDER = Path(__file__).resolve().parent / "cell"


class CellRefused(Exception):
    """The content could not be handled: too long, too large, or not what it claims to be."""


class CellTookTooLong(CellRefused):
    """The time for one request was over: a hard content, or a machine that has much to do."""


class CellEnded(CellRefused):
    """The cell was killed from outside, as where a service is stopped: no fault of the content."""


class Cell:
    """One cell of this process; asked by one thread at a time. Not shared after a fork."""

    def __init__(self, job: str, **options: str):
        self._job = job
        self._options = options
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._owner = 0
        atexit.register(self.close)

    def ask(self, head: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Return the cell's answer.

        Raises CellRefused; of its kinds, CellTookTooLong and CellEnded may be asked again.
        """
        with self._lock:
            process = self._running()
            try:
                process.stdin.write(write_frame(head, body))
                process.stdin.flush()
                answer = read_frame(process.stdout)
            except BrokenPipeError:
                answer = None
            if answer is None:
                self.close()
                raise CellEnded("the cell ended")
        if refused := answer[0].get("refused"):
            raise (CellTookTooLong if refused == TOOK_TOO_LONG else CellRefused)(refused)
        return answer

    def close(self) -> None:
        """End the cell; the next question starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        if self._owner != os.getpid():
            return  # the parent's, of which a fork left us a copy
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen:
        if self._process and (self._owner != os.getpid() or self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(FOLDER), self._job, json.dumps(self._options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", "FONTCONFIG_FILE": str(FOLDER / "fonts.conf")},
            )
        return self._process
