"""``bin/manage``: manage.py with the settings of a demo that runs."""

import argparse
import os
import sys
from pathlib import Path

from clinic.embedded import environment
from clinic.embedded.__main__ import told
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.places import PROJECT, Places, default_data, held


def main() -> int:
    """Become ``manage.py COMMAND…``; return only when that is impossible."""
    options = argparse.ArgumentParser(
        prog="bin/manage", description="Run manage.py against the demo that runs.", add_help=False
    )
    options.add_argument("--data", type=Path, help=f"data folder of the demo ({default_data()})")
    options.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND…")
    chosen, foreign = options.parse_known_args()  # --help and --version are manage.py's
    places = Places(chosen.data or default_data())
    if not places.settings.exists() or not held(places):
        raise EmbeddedError(
            f"No demo runs on {places.data}.",
            f"Start it with bin/demo{places.option}, or name another folder with --data.",
        )
    values = environment.read(places.settings)
    os.umask(0o077)
    command = [sys.executable, str(PROJECT / "manage.py"), *foreign, *chosen.command]
    os.execve(command[0], command, {**os.environ, **values})  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    sys.exit(told(main))
