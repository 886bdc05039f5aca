"""Is every part in order? Each part answers with an empty text, or one sentence on what is wrong.

The sentences are fixed: an exception's own text may hold an address or a password.
"""

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from shutil import disk_usage

import redis
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min, Q

from clinic.kernel.append_only import append_only_tables
from clinic.kernel.documents.certificate import SealMaterial, describe, read_material
from clinic.kernel.documents.models import Document
from clinic.kernel.files.store import NO_ROOM
from clinic.kernel.glyphs import covered
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.writes import takes_no_writes

OVERDUE_LIMIT = timedelta(minutes=15)
ROOM_TRIED = 65536  # bytes
FULL = "The disk of MEDIA_ROOT is full: no file can be stored."
UNREACHABLE = "The database cannot be reached."

RIGHTS = """
SELECT t FROM unnest(%s::text[]) AS t
WHERE has_table_privilege(current_user, t, 'UPDATE')
   OR has_table_privilege(current_user, t, 'DELETE')
   OR has_table_privilege(current_user, t, 'TRUNCATE')
   OR NOT EXISTS (
       SELECT 1 FROM pg_trigger
       WHERE tgrelid = t::regclass AND tgname = 'append_only' AND tgenabled = 'O')
"""


def ready(now: datetime) -> dict[str, str]:
    """Return each part with what is wrong with it; empty where nothing is."""
    answers = {name: check(now) for name, check in PARTS.items()}
    return {"database": _database(now), **answers}


def _database(now: datetime) -> str:
    try:
        return "The database takes no writes." if takes_no_writes() else ""
    except Error:
        return UNREACHABLE


def _migrations(now: datetime) -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "The database cannot be asked."
    return "Run manage.py migrate: the tables are not up to date." if plan else ""


def _append_only(now: datetime) -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute(RIGHTS, [sorted(append_only_tables())])
            loose = cursor.fetchall()
    except Error:
        return "The database cannot be asked."
    if loose:
        return "Run manage.py migrate: the serving role may change rows that are written once."
    return ""


def _broker(now: datetime) -> str:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError):
        return "Redis cannot be reached. No message leaves until it is back; none is lost."
    return ""


def _font(now: datetime) -> str:
    try:
        covered()
    except OSError:
        return "The documents' font cannot be read. See PDF_FONT."
    return ""


def seal_problem(now: datetime) -> str:
    """Return what is wrong with the seal's key and certificate; empty if nothing is."""
    try:
        certificate = describe(read_material().certificate)
    except SealMaterial as error:
        return f"{error} See SEAL_KEY_FILE and SEAL_CERT_FILE."
    if certificate.expires <= now:
        return "The seal's certificate has expired. Put a new one into SEAL_CERT_FILE."
    return ""


def media_problem(now: datetime | None = None) -> str:
    """Return what is wrong with the folder of stored files; empty if it can be written."""
    try:
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT):
            return ""
    except OSError:
        return "The folder MEDIA_ROOT is missing or cannot be written."


def room_problem(now: datetime) -> str:
    """Return why no file can be stored; empty if there is room for one.

    A full disk still takes an empty file, and a quota is not told: so some bytes are tried.
    """
    try:
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
            file.write(bytes(ROOM_TRIED))
            file.flush()
        full = disk_usage(settings.MEDIA_ROOT).free < settings.UPLOAD_MAX_BYTES
    except OSError as error:
        if error.errno not in NO_ROOM:
            return media_problem() or "A file cannot be written to MEDIA_ROOT."
        full = True
    return media_problem() or (FULL if full else "")


def _static(now: datetime) -> str:
    try:
        found = staticfiles_storage.read_manifest()
    except (OSError, AttributeError):
        found = None
    return "" if found else "Run manage.py collectstatic: the list of static files is missing."


PARTS: dict[str, Callable[[datetime], str]] = {
    "migrations": _migrations,
    "append_only": _append_only,
    "broker": _broker,
    "font": _font,
    "seal": seal_problem,
    "media": room_problem,
    "static": _static,
}


@dataclass(frozen=True)
class QueueState:
    """What waits in the outbox; ``overdue_seconds`` is the age of the oldest due row.

    ``expired_leases`` are rows whose worker died; ``documents_*`` count sealed documents to come.
    """

    waiting: int
    overdue_seconds: int
    given_up: int
    expired_leases: int
    documents_waiting: int
    documents_failed: int

    @property
    def ok(self) -> bool:
        return self.overdue_seconds <= OVERDUE_LIMIT.total_seconds()

    @property
    def as_json(self) -> dict:
        return {"ok": self.ok, **asdict(self)}


def queue(now: datetime) -> QueueState:
    """Count what waits at ``now``."""
    rows = Outbox.objects
    expired = rows.filter(state=Outbox.State.SENDING, lease_until__lt=now)
    due = Q(state=Outbox.State.WAITING, not_before__lte=now) | Q(pk__in=expired)
    oldest = rows.filter(due).aggregate(oldest=Min("not_before"))["oldest"]
    documents = Document.objects
    return QueueState(
        waiting=rows.filter(state=Outbox.State.WAITING).count(),
        overdue_seconds=int((now - oldest).total_seconds()) if oldest else 0,
        given_up=rows.filter(state=Outbox.State.GIVEN_UP).count(),
        expired_leases=expired.count(),
        documents_waiting=documents.unfinished().count(),
        documents_failed=documents.filter(state=Document.State.FAILED).count(),
    )
