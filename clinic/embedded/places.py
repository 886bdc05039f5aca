"""The data folder: what lies where in it, who holds it, and which one is taken when none is named."""

import fcntl
import hashlib
import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic.embedded import safety
from clinic.embedded.accounts import Account
from clinic.embedded.errors import EmbeddedError

PROJECT = Path(__file__).resolve().parent.parent.parent
MARKER_TEXT = "Data of an embedded clinic: its servers and its settings. Made by clinic.embedded.\n"


class Places:
    """Where everything lies below one data folder."""

    def __init__(self, data: Path):
        self.data = data.expanduser().resolve()
        self.marker = self.data / ".clinic-embedded"
        self.lock = self.data / "lock"
        self.settings = self.data / "demo.env"
        self.passwords = self.data / "passwords.json"
        self.postgres = self.data / "postgres"
        self.redis = self.data / "redis"
        self.run = self.data / "run"
        self.log = self.data / "log"
        self.program = self.data / "program"
        self.keys = self.data / "keys"
        self.media = self.data / "media"
        self.mail = self.data / "mail"
        self.static = self.data / "static"

    @property
    def socket(self) -> Path:
        """The longest path that the system must accept as the name of a socket."""
        return self.run / ".s.PGSQL.5432.lock"

    @property
    def option(self) -> str:
        """What names this folder on a command line, with a space before it; nothing for the default."""
        return "" if self.data == default_data() else f" --data {shlex.quote(str(self.data))}"

    @property
    def begin_anew(self) -> str:
        """The command that deletes the data of this folder, and of no other, and starts again."""
        return f"bin/demo{self.option} --fresh"


def default_data() -> Path:
    """Return the folder used when none is named.

    An ordinary user gets ``.demo`` beside the code or, where that path is too long or open to
    others, a folder in her own state folder. Root gets ``.demo`` only where the servers' own user
    could come, else a folder in /var/lib: nothing of root's is opened for it. Who has no home
    gets ``.demo`` in any case; where it cannot be used, that is refused in words at the start.
    """
    beside = PROJECT / ".demo"
    try:
        safety.check_path(Places(beside).data, Places(beside).socket)
    except EmbeddedError:
        return _spare() or beside
    return (_spare() or beside) if safety.private_parent(beside) else beside


def _spare() -> Path | None:
    """Return the folder that is taken instead; None for a user without a home."""
    mark = hashlib.sha256(os.fsencode(PROJECT)).hexdigest()[:8]
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    try:
        parent = Path("/var/lib" if os.geteuid() == 0 else state).expanduser()
    except RuntimeError:
        return None
    return parent / f"clinic-demo-{mark}"


@contextmanager
def claimed(places: Places, account: Account | None, fresh: bool = False) -> Iterator[Places]:
    """Check the data folder, make what is missing in it, and hold it until the end.

    :param account: whom the servers run as; None for ourselves.
    :param fresh: empty the folder first. It must carry our marker.
    :raises EmbeddedError: when the folder is unsafe, foreign, or held by another run.
    """
    safety.check_path(places.data, places.socket)
    safety.check_parents(places.data, account)
    safety.check_contents(places.data, places.marker)
    places.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    safety.check_parents(places.data, account)  # those just made follow the umask
    places.marker.write_text(MARKER_TEXT, encoding="utf-8")
    with _locked(places):
        if fresh:
            _empty(places)
        _furnish(places, account)
        yield places


@contextmanager
def _locked(places: Places) -> Iterator[None]:
    """Hold the folder; the system lets go of it when this process ends, however it ends."""
    with os.fdopen(os.open(places.lock, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read().strip() or "unknown"
            raise EmbeddedError(
                f"{places.data} is in use by another run (process {holder}).",
                "Stop that run, or choose another folder with --data.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def held(places: Places) -> bool:
    """Tell whether a run holds this folder now."""
    if not places.lock.exists():
        return False
    with places.lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _empty(places: Places) -> None:
    """Delete all but the marker and the lock."""
    for item in places.data.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        elif item not in (places.marker, places.lock):
            item.unlink()


def _furnish(places: Places, account: Account | None) -> None:
    """Make the folders and set who may enter each. Modes are narrowed, never widened for all."""
    for folder in (places.log, places.keys, places.media, places.mail, places.static):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    for folder, mode in ((places.redis, 0o700), (places.run, 0o750)):
        folder.mkdir(mode=0o700, exist_ok=True)
        if account:
            os.chown(folder, account.uid, os.getegid())
        folder.chmod(mode)
    if account:
        os.chown(places.data, -1, account.gid)
    places.data.chmod(0o710 if account else 0o700)
