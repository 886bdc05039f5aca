"""Run a command with PostgreSQL and Redis beside it.

    python -m clinic.embedded [--data DIR] [--fast] COMMAND…

Each server is started unless its address is set already (DATABASE_URL, REDIS_URL). The command
gets the addresses, and every other setting that is missing, by its environment.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic.embedded import environment, safety
from clinic.embedded.accounts import Account, server_account
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.places import Places, claimed
from clinic.embedded.running import Conductor, servers

DEFAULTS = {
    "DEMO": "0",
    "EMAIL_URL": "smtp://127.0.0.1:1025",
    "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
}


def parser() -> argparse.ArgumentParser:
    """Return the options of this command."""
    options = argparse.ArgumentParser(
        prog="python -m clinic.embedded",
        description="Run COMMAND with PostgreSQL and Redis beside it.",
    )
    options.add_argument("--data", type=Path, help="folder to keep data in; a passing one if none")
    options.add_argument(
        "--fast", action="store_true", help="for tests only: a power cut may destroy the database"
    )
    options.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND…")
    return options


def main() -> int:
    """Run the command; return its code."""
    options = parser().parse_args()
    if not options.command:
        parser().error("name a command to run")
    conductor = Conductor()
    conductor.listen()
    account = server_account()
    with _folder(options.data, account) as data, claimed(Places(data), account) as places:
        wanted = {name: not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL")}
        with servers(places, wanted, options.fast) as addresses:
            conductor.start(options.command, _settings(places, addresses))
            return conductor.finish()


def _settings(places: Places, addresses: dict[str, str]) -> dict[str, str]:
    """Return the whole environment: ours where we started a server, else what was set before."""
    kept = {**environment.keys(places), **environment.read(places.settings)}
    kept = {**DEFAULTS, **environment.folders(places), **kept, **addresses}
    environment.write(places.settings, kept)
    set_before = {name: value for name, value in os.environ.items() if value}
    return {**kept, **set_before, **addresses}


@contextmanager
def _folder(data: Path | None, account: Account | None) -> Iterator[Path]:
    """Give the folder that was named, or a new one that is deleted at the end."""
    if data:
        yield data
        return
    parent = _passing_parent(account)
    with tempfile.TemporaryDirectory(
        prefix="clinic-", dir=parent, ignore_cleanup_errors=True
    ) as made:
        yield Path(made)


def _passing_parent(account: Account | None) -> Path:
    """Return the first of the system's folders for passing files that servers can work in.

    :raises EmbeddedError: when there is none; with what is wrong with the last one.
    """
    for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108 - mkdtemp above
        example = Path(parent, "clinic-12345678")
        try:
            safety.check_path(example, Places(example).socket)
            safety.check_parents(example, account)
        except EmbeddedError as error:
            refusal = error
        else:
            return Path(parent)
    raise refusal


def told(run) -> int:
    """Run ``run`` and print errors as words: what is wrong and what to do, without a traceback."""
    try:
        return run()
    except EmbeddedError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        print(f"{named}{error.strerror or error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(told(main))
