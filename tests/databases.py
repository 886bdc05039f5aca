"""What tests do with databases as a whole: make them, leave one as it was, copy one, drop one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections, transaction
from django.test.utils import setup_databases

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # of pytest-xdist: gw0, gw1, …


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep the other workers waiting. ``folder`` is the same for all."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(folder: Path) -> list:
    """Make this worker's database, and return what ``teardown_databases`` wants.

    It is made by the owning role; the serving role is a second way into it. The first worker
    migrates its own and copies it for the others, which takes them a tenth of the time.
    """
    migrated, copied = folder / "migrated", folder / f"copied_for_{WORKER}"
    with alone(folder):
        made = setup_databases(
            0,
            interactive=False,
            aliases={"default", "owner"},
            keepdb=copied.exists(),
            serialized_aliases=(),
        )
        copied.unlink(missing_ok=True)
        if not migrated.exists():
            _copy_for_others(folder)
            migrated.touch()
    return made


def _copy_for_others(folder: Path) -> None:
    """Copy this worker's database for each other, and note its name until it is taken."""
    end_other_sessions()
    workers = {f"gw{n}" for n in range(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0")))}
    for other in workers - {WORKER}:
        target = f"{without_worker()}_{other}"
        copy(name(), target)
        (folder / f"copied_for_{other}").write_text(target)


def drop_copies(folder: Path) -> None:
    """Drop what was copied for workers that needed no database."""
    with alone(folder):
        for note in folder.glob("copied_for_*"):
            drop(note.read_text())
            note.unlink()


@contextmanager
def undone() -> Iterator[None]:
    """Run in a transaction that is rolled back; actions may be durable inside, as in a test."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)


# What migrations fill, and no test changes.
KEPT = ("django_migrations", "django_content_type", "auth_permission")


def empty() -> None:
    """Empty every table that holds rows; the owner does it, for the serving role may not."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('SELECT %%L WHERE EXISTS (SELECT FROM %%I)', relname, relname),"
            " ' UNION ALL ') FROM pg_stat_user_tables WHERE relname <> ALL (%s)",
            [list(KEPT)],
        )
        cursor.execute(cursor.fetchone()[0])
        if filled := [connections["owner"].ops.quote_name(name) for (name,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")


def end_other_sessions() -> None:
    """End what still holds the database, which cannot be dropped before; each role its own.

    A page that is closed still sends what was typed last, and its request may outlive the test.
    Begun anew, as our own may have been ended from within the browser's loop, which has others.
    """
    for alias in ("default", "owner"):
        connections[alias].close()
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user"
                " AND pid <> pg_backend_pid()"
            )
        connections[alias].close()


def name() -> str:
    """Return the name of the test's database."""
    return connections["owner"].settings_dict["NAME"]


def without_worker() -> str:
    """Return what the names of all workers' databases begin with."""
    return name().removesuffix(f"_{WORKER}")


def copy(source: str, target: str) -> None:
    """Make ``target`` a copy of ``source``, with rows, sequences, triggers and rights on tables."""
    drop(target)
    _as_owner("CREATE DATABASE {} TEMPLATE {}", target, source)


def drop(name: str) -> None:
    """Drop a database if it is there; nobody may be in it."""
    _as_owner("DROP DATABASE IF EXISTS {}", name)


def _as_owner(statement: str, *names: str) -> None:
    """Run a statement on whole databases, which none of them may do itself."""
    owner = connections["owner"]
    with owner._nodb_cursor() as cursor:
        cursor.execute(statement.format(*(owner.ops.quote_name(name) for name in names)))


@contextmanager
def taking_no_writes() -> Iterator[None]:
    """Let the database of a test take no writes within the block, as a standby does."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
