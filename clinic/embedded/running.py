"""Servers and commands together: what ``__main__`` and the demo have in common."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from clinic.embedded import environment, processes
from clinic.embedded import postgres as pg
from clinic.embedded import redis as broker
from clinic.embedded.accounts import server_account
from clinic.embedded.places import Places

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PROGRAMS = Path(sys.executable).parent


@contextmanager
def servers(
    places: Places, wanted: Mapping[str, bool], fast: bool = False
) -> Iterator[dict[str, str]]:
    """Run the servers that are wanted on a claimed folder; give the settings of their addresses.

    :param wanted: ``DATABASE_URL`` and ``REDIS_URL``, each true when a server is to be started.
    :param fast: give up safety against a power cut; for tests only.
    """
    account = server_account()
    words = environment.passwords(places, [pg.SUPERUSER, pg.OWNER, pg.WEB, "redis"])
    kept, addresses = [], {}
    with ExitStack() as stack:
        if wanted["DATABASE_URL"]:
            kept.append(stack.enter_context(pg.postgres(places, account, words, fast)))
            addresses["DATABASE_URL"] = pg.address(places, pg.WEB, words[pg.WEB])
            addresses["DATABASE_OWNER_URL"] = pg.address(places, pg.OWNER, words[pg.OWNER])
        if wanted["REDIS_URL"]:
            server, address = stack.enter_context(broker.redis(places, account, words["redis"]))
            kept.append(server)
            addresses["REDIS_URL"] = address
        stack.callback(processes.end_descendants, [server.pid for server in kept])
        yield addresses


class Conductor:
    """Runs commands one after the other and passes on the signals that we get."""

    def __init__(self):
        self.child: subprocess.Popen | None = None
        self.stopped_by = 0

    def listen(self) -> None:
        """From here on a signal goes to the command that runs, or ends us in good order.

        A hang-up that whoever started us ignores, as nohup does, stays ignored.
        """
        processes.adopt_orphans()
        for signum in SIGNALS:
            if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
                signal.signal(signum, self._received)

    def _received(self, signum: int, frame: FrameType | None) -> None:
        first, self.stopped_by = not self.stopped_by, signum
        if self.child is None and first:
            sys.exit(128 + signum)
        if self.child is None:
            return  # we are stopping already
        if signum == signal.SIGINT and _terminal_told_child():
            return
        self.child.send_signal(signum)

    def start(self, command: list[str], env: Mapping[str, str], **options) -> subprocess.Popen:
        """Start a command that signals are passed on to, with our programs first on its PATH.

        :raises FileNotFoundError: when there is no such command.
        """
        path = f"{PROGRAMS}{os.pathsep}{env.get('PATH', os.defpath)}"
        self.child = subprocess.Popen(
            command,
            env={**env, "PATH": path},
            preexec_fn=processes.ends_with_us(signal.SIGTERM),  # noqa: PLW1509 - no threads here
            **options,
        )
        return self.child

    def finish(self) -> int:
        """Wait for the command and return its code, 128 + n when signal n ended it."""
        code = self.child.wait()
        self.child = None
        return code if code >= 0 else 128 - code


def _terminal_told_child() -> bool:
    """Tell whether a Ctrl-C went to our command already, because it shares our terminal."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
