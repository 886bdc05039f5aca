"""Real processes of the product on the test's database, and how to kill them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


def environment(**more: str) -> dict[str, str]:
    """Return our environment with the addresses of the *test's* database in place of the clinic's.

    Both roles keep their passwords and socket; only the name of the database differs.
    """
    name = connection.settings_dict["NAME"]
    addresses = {
        variable: urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings"}
    return {**os.environ, **addresses, **settings, **more}


class Running:
    """A command in a session of its own; what it prints goes to ``log``."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path):
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=env,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill_whole(self) -> None:
        """SIGKILL the process and everything it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its session is its group
        self.process.wait()

    def kill_parent(self) -> None:
        """SIGKILL the process alone; its children go on until they notice."""
        self.process.kill()
        self.process.wait()

    def kill_child(self) -> bool:
        """SIGKILL one child, which the parent replaces; tell whether there was one."""
        children = psutil.Process(self.process.pid).children()
        for child in children[:1]:
            child.kill()
        return bool(children)


@contextmanager
def running() -> Iterator[Callable[..., Running]]:
    """Give ``start(command, env, log)``; whatever it started is gone after the block."""
    started: list[Running] = []

    def start(command: list[str], env: dict[str, str], log: Path) -> Running:
        started.append(Running(command, env, log))
        return started[-1]

    try:
        yield start
    finally:
        for process in started:
            process.kill_whole()
        until(lambda: others_connected() == 0, 20)


def worker(start: Callable[..., Running], env: dict[str, str], log: Path) -> Running:
    """Start a Celery worker as the Procfile does."""
    options = ["--concurrency", "1", "--without-gossip", "--without-mingle"]
    return start(["celery", "-A", "clinic", "worker", *options], env, log)


def beat(start: Callable[..., Running], env: dict[str, str], log: Path) -> Running:
    """Start the beat as the Procfile does."""
    return start(["celery", "-A", "clinic", "beat", "--pidfile="], env, log)


def others_connected() -> int:
    """Return how many other sessions this database has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND usename = current_user"
        )
        return cursor.fetchone()[0]


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until ``holds()``; tell whether it came to hold within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
