"""Finding the phase in which a worker makes a document, from outside: stop it, look, then kill it.

What is looked at: the committed rows, the worker's sessions in the database, the render cell and
the fork in which it renders, the files under MEDIA_ROOT, the mails that the server has taken. A
worker that was stopped (SIGSTOP) stands still while it is looked at, and never knew of it.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from clinic.kernel.audit.models import AuditHead
from clinic.kernel.documents.cells import FOLDER
from clinic.kernel.documents.models import Document
from clinic.kernel.outbox.models import Outbox
from tests.faults.processes import Running, until

COPY = "signed_copy"
PATIENCE = 40  # seconds until a phase has come
PDF_BYTES = 50_000  # fewer than any document has
GONE = (psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError)


class Worker:
    """A running worker, its one child that does the work, and that one's render cell."""

    def __init__(self, running: Running):
        self.running = running
        self.parent = psutil.Process(running.process.pid)

    @property
    def child(self) -> psutil.Process | None:
        return next(iter(children(self.parent)), None)

    def cell(self) -> psutil.Process | None:
        """Return the process that renders, or waits for something to render."""
        return next(filter(is_cell, children(self.child)), None)

    def fork(self) -> psutil.Process | None:
        """Return the process in which one document is being rendered just now."""
        return next(filter(is_cell, children(self.cell())), None)  # not what a library starts

    def cells(self) -> list[psutil.Process]:
        """Return every cell of this worker, also one whose owner is dead."""
        mine = filter(is_cell, self._everyone())
        return [cell for cell in mine if not is_cell(cell.parent())]  # without the forks

    def freeze(self) -> bool:
        """Stop everything at once; tell whether it stands still.

        It does not where a process is just starting another: such a one waits, and cannot stop.
        """
        os.killpg(self.parent.pid, signal.SIGSTOP)
        return until(lambda: all(map(stands_still, self._everyone())), 1)

    def thaw(self) -> None:
        os.killpg(self.parent.pid, signal.SIGCONT)

    def kill(self, way: str) -> bool:
        """SIGKILL the whole frozen worker or its child; tell whether a new one is needed."""
        if way == "child" and self.child:
            self.child.kill()
            self.thaw()
            return False
        self.running.kill_whole()
        return True

    def _everyone(self) -> list[psutil.Process]:
        found = []
        for pid in psutil.pids():
            with suppress(*GONE):
                if os.getsid(pid) == self.parent.pid:
                    found.append(psutil.Process(pid))
        return found


def children(process: psutil.Process | None) -> list[psutil.Process]:
    """Return the living children of a process; of none or a dead one, none.

    Reads what the kernel lists; looking through all processes would take longer than a rendering.
    """
    found = []
    lists = Path(f"/proc/{process.pid}/task").glob("*/children") if process else ()
    with suppress(FileNotFoundError, *GONE):
        for pid in " ".join(path.read_text() for path in lists).split():
            child = psutil.Process(int(pid))
            if child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
    return found


def is_cell(process: psutil.Process | None) -> bool:
    with suppress(*GONE):
        return process is not None and {str(FOLDER), "rendering"} <= set(process.cmdline())
    return False


def stands_still(process: psutil.Process) -> bool:
    with suppress(*GONE):
        return process.status() in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)
    return True


def soon(holds: Callable[[], bool], seconds: float = 10, rest: float = 0) -> bool:
    """Like ``until``, for what lasts a few milliseconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(rest)
    return True


def renders(worker: Worker) -> bool:
    """Wait until a document is being rendered; tell whether it came to that.

    Looks twice: a program that a library starts is a copy of the cell too, for a millisecond.
    """
    seen = [None]

    def the_same_twice() -> bool:
        seen.append(worker.fork())
        return seen[-1] is not None and seen[-1] == seen[-2] and under_way()

    return soon(the_same_twice, PATIENCE, rest=0.01)


def has_rendered(cell: psutil.Process | None) -> bool:
    """Tell whether a PDF has gone through the pipe between a fork that ended and its cell."""
    return cell is not None and cell.io_counters().write_chars > PDF_BYTES


def files() -> set[Path]:
    """Return every file under MEDIA_ROOT, half ones (``.half-…``) too."""
    return {path for path in Path(settings.MEDIA_ROOT).glob("files/*/*") if path.is_file()}


def is_half(path: Path) -> bool:
    return path.name.startswith(".half-")


def sessions(state: str = "") -> set[int]:
    """Return the worker's sessions in the database, or those in one state (``idle``)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND usename = current_user AND (%s = '' OR state = %s)",
            [state, state],
        )
        return {pid for (pid,) in cursor.fetchall()}


def in_transaction() -> bool:
    """Tell whether a session of the worker is at work, or holds a transaction open."""
    return sessions() != sessions("idle")


def under_way() -> bool:
    """Tell whether a worker has a document in its hands, as far as is committed."""
    return Document.objects.filter(state="rendering", lease_until__gt=timezone.now()).exists()


def untold() -> int:
    """Return how many sealed documents there are whose signer has not been told."""
    told = Outbox.objects.filter(kind=COPY, state="sent").count()
    return Document.objects.filter(state="sealed").count() - told


# Each phase gives whether it was reached; it was looked at while the worker stood still.


@contextmanager
def unclaimed(worker: Worker, scene) -> Iterator[bool]:
    """Between commit and claim: the countersignature came while the worker stood still."""
    until(lambda: bool(sessions()), PATIENCE)  # it has begun to work
    still = worker.freeze()
    if not still or in_transaction():  # it may hold a lock that the countersignature needs
        yield False
        return
    document = scene.countersign()
    scene.countersign()
    row = Outbox.objects.about(f"document:{document.pk}").get()
    yield (document.state, document.attempts, row.state) == ("waiting", 0, "waiting")


@contextmanager
def rendering(worker: Worker, scene) -> Iterator[bool]:
    """While the cell's fork renders."""
    scene.give_work()
    renders(worker)
    time.sleep(random.uniform(0, 0.05))
    yield worker.freeze() and worker.fork() is not None and under_way()


def _hold_rendered(worker: Worker, scene) -> bool:
    """Let the cell render a document while its owner stands still and cannot take the answer."""
    scene.give_work()
    if not renders(worker):
        return False
    child = worker.child
    child.suspend()
    until(lambda: stands_still(child), 10)
    held = worker.fork() is not None
    return until(lambda: worker.fork() is None, PATIENCE) and held and has_rendered(worker.cell())


@contextmanager
def rendered(worker: Worker, scene) -> Iterator[bool]:
    """Between rendering and sealing: the cell is done, its answer not taken yet."""
    held = _hold_rendered(worker, scene)
    yield worker.freeze() and held and worker.fork() is None and under_way()


@contextmanager
def sealing(worker: Worker, scene) -> Iterator[bool]:
    """While sealing: the cell is rid of its answer, no transaction was begun, no file has come."""
    held, before, cell = _hold_rendered(worker, scene), files(), worker.cell()
    if held:
        time.sleep(0.05)  # what the dead fork wrote has been added to the cell's account
        written = cell.io_counters().write_chars
        worker.child.resume()
        held = soon(lambda: cell.io_counters().write_chars > written)
        time.sleep(random.uniform(0, 0.02))
    still = worker.freeze()
    yield still and held and under_way() and not in_transaction() and files() == before


@contextmanager
def _stored(worker: Worker, scene, seen: Callable[[set[Path]], bool]) -> Iterator[bool]:
    """Let a rendered document be sealed and stored until ``seen(new files)``.

    Somebody else holds the head of the audit chain meanwhile, as any action does for a moment.
    """
    held, before = _hold_rendered(worker, scene), files()
    with transaction.atomic(using="owner"):
        list(AuditHead.objects.using("owner").select_for_update())
        if held:
            worker.child.resume()
            held = soon(lambda: seen(files() - before))
        yield worker.freeze() and held and under_way() and in_transaction()


def writing(worker: Worker, scene) -> AbstractContextManager[bool]:
    """As the file comes into the store: mostly a half one, under another name."""
    return _stored(worker, scene, bool)


def storing(worker: Worker, scene) -> AbstractContextManager[bool]:
    """Between storing the whole file and committing."""
    return _stored(worker, scene, lambda new: any(not is_half(path) for path in new))


@contextmanager
def unsent(worker: Worker, scene) -> Iterator[bool]:
    """Between the commit of the sealed document and the mail."""
    scene.give_news()
    until(lambda: untold() > 0, PATIENCE)
    time.sleep(random.uniform(0, 0.3))
    still = worker.freeze()
    time.sleep(0.05)  # a mail that was handed over is noted by then
    taken = [message for _to, message in scene.mails.taken]
    told = Outbox.objects.filter(kind=COPY, message_id__in=taken).count()
    yield still and Document.objects.filter(state="sealed").count() > told


@contextmanager
def taken(worker: Worker, scene) -> Iterator[bool]:
    """Between the server's taking a mail and its answer."""
    scene.give_news()
    before = len(scene.mails.taken)
    scene.mails.silent = True
    try:
        came = until(lambda: len(scene.mails.taken) > before, PATIENCE)
        still = worker.freeze()
        ids = [message for _to, message in scene.mails.taken[before:]]
        noted = Outbox.objects.filter(message_id__in=ids).exclude(state="sending").exists()
        yield still and came and not noted
    finally:
        scene.mails.silent = False


PHASES = {
    phase.__name__: phase
    for phase in (unclaimed, rendering, rendered, sealing, writing, storing, unsent, taken)
}
