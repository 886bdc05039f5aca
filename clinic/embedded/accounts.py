"""The system user that the servers run as when we are root: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinic.embedded.errors import EmbeddedError

NAME = "clinic-db"


@dataclass(frozen=True)
class Account:
    """A system user that owns nothing but the servers' files."""

    uid: int
    gid: int

    def start_options(self) -> dict[str, Any]:
        """Return the options of ``subprocess`` that start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Tell whether this user can pass through the folder, or run the program, ``path``."""
        asked = subprocess.run(
            ["test", "-x", str(path)],
            cwd="/",
            env={"PATH": os.defpath},
            check=False,
            **self.start_options(),
        )
        return asked.returncode == 0


def server_account() -> Account | None:
    """Return the user to run servers as: None for ourselves, an account of their own for root.

    :raises EmbeddedError: when the account is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(NAME)
    except KeyError:
        found = _make()
    return Account(found.pw_uid, found.pw_gid)


def _make() -> pwd.struct_passwd:
    """Make the system user, without home, password or shell."""
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    complaint = "there is no useradd"
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        complaint = made.stderr.strip()
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root, and no system user {NAME} could be made for it:"
            f" {complaint}.",
            f"Make a system user named {NAME}, or run this as an ordinary user.",
        ) from None
