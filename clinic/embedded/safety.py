"""Refusals: data folders that the servers cannot use without harm.

PostgreSQL will not run as root, so under root its user must be able to pass every folder above
its data. A folder that is closed to it stays closed: we refuse, and open nothing.
"""

import os
import stat
from pathlib import Path

from clinic.embedded.accounts import Account
from clinic.embedded.errors import EmbeddedError

SOCKET_LIMIT = 90  # bytes; systems allow 103 to 107, and some programs fewer
CHOOSE = "Choose another folder with --data"


def check_path(data: Path, socket: Path) -> None:
    """Refuse a path in which a socket would be too long, or which cannot stand in an address.

    :raises EmbeddedError: with the length and the limit.
    """
    length = len(os.fsencode(socket))
    if length >= SOCKET_LIMIT:
        room = SOCKET_LIMIT - 1 - (length - len(os.fsencode(data)))
        raise EmbeddedError(
            f"The path {data} is too long: the database's socket in it would take {length} bytes,"
            f" and it must stay under {SOCKET_LIMIT}.",
            f"{CHOOSE} whose path has at most {room} bytes.",
        )
    if not str(data).isprintable() or "," in str(data):
        raise EmbeddedError(
            f"The path {str(data)!r} holds a comma or a control character,"
            " which a database address cannot carry.",
            f"{CHOOSE}.",
        )


def check_parents(data: Path, account: Account | None) -> None:
    """Refuse a folder below one where others may write, or one closed to the servers' user.

    :raises EmbeddedError: naming the folder that is in the way.
    """
    for parent in _existing_parents(data):
        mode = parent.stat().st_mode
        if not stat.S_ISDIR(mode):
            raise EmbeddedError(f"{parent} is not a folder.", f"{CHOOSE}.")
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise EmbeddedError(
                f"{data} lies below {parent}, where every user of this computer may rename or"
                " replace it.",
                f"{CHOOSE}, or take that right away: chmod o-w {parent}",
            )
        if account and not account.reaches(parent):
            raise EmbeddedError(
                f"{data} lies below {parent}, which is closed to other users"
                f" (mode {stat.S_IMODE(mode):04o}). Under root the servers run as a user of their"
                " own, and that folder would have to be opened for it.",
                f"{CHOOSE} that is not below a private one, such as /var/lib/clinic-demo,"
                " or run this as an ordinary user.",
            )


def check_contents(data: Path, marker: Path) -> None:
    """Refuse a folder that somebody else owns, or that holds something which is not ours.

    :raises EmbeddedError: saying which of both.
    """
    if not data.exists():
        return
    if not data.is_dir():
        raise EmbeddedError(f"{data} is not a folder.", f"{CHOOSE}.")
    if data.stat().st_uid != os.geteuid():
        raise EmbeddedError(f"{data} belongs to another user.", f"{CHOOSE}.")
    if not marker.is_file() and any(data.iterdir()):
        raise EmbeddedError(
            f"{data} is not empty, and it is not a data folder of this program.",
            f"{CHOOSE} that is new or empty. Nothing in this one was touched.",
        )


def private_parent(data: Path) -> bool:
    """Tell whether a folder above ``data`` is closed to others, which matters under root only."""
    if os.geteuid() != 0:
        return False
    return any(not p.stat().st_mode & stat.S_IXOTH for p in _existing_parents(data))


def _existing_parents(data: Path) -> list[Path]:
    """Return the folders above ``data`` that exist, from the root downwards."""
    return [parent for parent in reversed(data.parents) if parent.exists()]
