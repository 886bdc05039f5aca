"""Starting, stopping and clearing away server processes."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from clinic.embedded.accounts import Account
from clinic.embedded.errors import EmbeddedError

STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def ends_with_us(signum: int) -> Callable[[], None]:
    """Return what a child does first: ask for ``signum`` should we be killed (Linux only)."""
    parent = os.getpid()

    def ask() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, signum)
        if os.getppid() != parent:
            os.kill(os.getpid(), signum)

    return ask


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent ended, so that none is lost (Linux only)."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def start_server(
    command: list[str],
    *,
    account: Account | None,
    log: Path,
    death: int,
    stdin: str | None = None,
) -> subprocess.Popen:
    """Start a server in a session of its own, with an empty environment.

    :param log: file that takes what it prints.
    :param death: signal it gets when we are killed.
    :param stdin: text handed to it; secrets go this way, never on the command line.
    """
    with log.open("ab") as output:
        server = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            start_new_session=True,
            preexec_fn=ends_with_us(death),  # noqa: PLW1509 - no threads here
            **(account.start_options() if account else {}),
        )
    if stdin is not None and server.stdin:
        server.stdin.write(stdin.encode())
        server.stdin.close()
    return server


def stop_server(server: subprocess.Popen, signals: tuple[int, ...]) -> None:
    """Stop a server with the first signal that helps, and with SIGKILL when none does."""
    for signum in (*signals, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(signum)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def clear_leftovers(name: str, folder: Path, signum: int) -> None:
    """Stop servers of ours that outlived a killed parent. The caller holds the data folder.

    :param name: of the program.
    :param folder: their working folder, by which ours are known.
    :raises EmbeddedError: when one does not end.
    """
    found = [p for p in psutil.process_iter(["name"]) if _is_leftover(p, name, folder)]
    for process in found:
        if not any(parent in found for parent in process.parents()):
            process.send_signal(signum)
    _, alive = psutil.wait_procs(found, timeout=STOP_SECONDS)
    for process in alive:
        process.kill()
    _, alive = psutil.wait_procs(alive, timeout=STOP_SECONDS)
    if alive:
        raise EmbeddedError(
            f"A {name} of an earlier run does not end (process {alive[0].pid}).",
            "End that process, then start again.",
        )


def _is_leftover(process: psutil.Process, name: str, folder: Path) -> bool:
    try:
        return process.info["name"] == name and process.cwd() == str(folder)
    except psutil.Error:
        return False


def end_descendants(kept: list[int]) -> None:
    """End whatever a command left running below us.

    :param kept: process ids of the servers, which are stopped in their turn.
    """
    children = [p for p in psutil.Process().children() if p.pid not in kept]
    found = [*children, *(below for child in children for below in _below(child))]
    for end in (psutil.Process.terminate, psutil.Process.kill):
        for process in found:
            try:
                end(process)
            except psutil.NoSuchProcess:
                continue
        _, found = psutil.wait_procs(found, timeout=5)


def _below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def listens(pid: int, port: int) -> bool:
    """Tell whether this process, or one below it, takes connections at the port."""
    try:
        top = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return False
    return any(_takes(process, port) for process in (top, *_below(top)))


def _takes(process: psutil.Process, port: int) -> bool:
    try:
        places = process.net_connections("tcp")
    except psutil.Error:
        return False
    return any(p.status == psutil.CONN_LISTEN and p.laddr.port == port for p in places)


def tail(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log, to be shown in an error."""
    if not log.exists():
        return "(no log)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
