"""Making documents, in the worker: claim, build, render, seal, store. Can be repeated at any point.

A try that fails leaves the document waiting for the next, later each time; the sweep finds it.
What can never succeed, and what failed too often in a row, becomes a task for a person. A document
that waits only for the timestamp service, or for a seal whose certificate has not ended, waits as
long as it takes, and that is no fault.
"""

import logging
import uuid
from datetime import datetime, timedelta
from errno import errorcode

from django.db import connection
from django.utils import timezone

from clinic.errors import Refused
from clinic.kernel.actors import System
from clinic.kernel.documents.actions import post_render, seal_document
from clinic.kernel.documents.certificate import SealEnded
from clinic.kernel.documents.models import SEAL_ENDED, Document
from clinic.kernel.documents.registry import KINDS
from clinic.kernel.documents.render import CannotRender, render
from clinic.kernel.documents.seal import TimestampUnavailable, sealer
from clinic.kernel.tasks.models import Task

log = logging.getLogger(__name__)
BY = System("documents")
LEASE_SECONDS = 180
MOST_FAULTS = 8
LONGEST_WAIT = 60  # minutes

CLAIM = """
UPDATE clinic_document
SET state = 'rendering', lease = %(lease)s, attempts = LEAST(attempts + 1, 32000),
    lease_until = statement_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = %(id)s AND (
    state IN ('waiting', 'waiting_timestamp')
    OR (state = 'rendering' AND lease_until < statement_timestamp()))
"""


def make(pk: int, now: datetime) -> None:
    """Make one document. Nothing happens where it is made already or in other hands."""
    lease = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"id": pk, "lease": lease, "seconds": LEASE_SECONDS})
        if cursor.rowcount != 1:
            return
    document = Document.objects.get(pk=pk)
    try:
        seal = sealer()
        seal.ask_lasting(timezone.now())
        draft = KINDS[document.kind].build(document.subject_id, document.version, now)
        sealed = seal.seal(render(document, draft, now), timezone.now())
        seal_document(document=document, lease=lease, sealed=sealed, by=BY, now=timezone.now())
    except TimestampUnavailable as error:
        again, reason = _later(document.attempts, now), f"timestamp: {error}"
        _end(document, lease, Document.State.WAITING_TIMESTAMP, reason, faults=0, next_try=again)
    except SealEnded:
        again = _later(document.attempts, now)
        _end(document, lease, Document.State.WAITING, SEAL_ENDED, faults=0, next_try=again)
    except CannotRender as error:
        _give_up(document, lease, error.reason, now)
    except Refused as refused:
        log.warning("document %s: %s", pk, refused.code)
    except Exception as error:
        log.exception("document %s was not made", pk)
        _fault(document, lease, _named(error), now)


def _named(error: Exception) -> str:
    """Return what went wrong without its words, which may hold a name: ``OSError ENOSPC``."""
    code = errorcode.get(getattr(error, "errno", None), "")
    return f"{type(error).__name__} {code}".strip()


def sweep(now: datetime) -> None:
    """Ask again for every document whose time has come. Any number of sweeps is as good as one."""
    for document in Document.objects.overdue(now):
        post_render(document, now)


def _later(times: int, now: datetime) -> datetime:
    """When to try again after so many times: twice as late each time, up to LONGEST_WAIT."""
    return now + timedelta(minutes=min(2 ** min(times - 1, 10), LONGEST_WAIT))


def _fault(document: Document, lease: uuid.UUID, reason: str, now: datetime) -> None:
    """It went wrong once more: try again later, or leave it to a person."""
    faults = document.faults + 1
    if faults >= MOST_FAULTS:
        _give_up(document, lease, reason, now)
    else:
        more = {"faults": faults, "next_try": _later(faults, now)}
        _end(document, lease, Document.State.WAITING, reason, **more)


def _give_up(document: Document, lease: uuid.UUID, reason: str, now: datetime) -> None:
    """Nothing more will come by itself: one task for a person, anew when it was asked for again."""
    _end(document, lease, Document.State.FAILED, reason)
    task = Task(
        kind="document_failed",
        key=f"{document.pk}:{document.attempts}",
        role="admin",
        about=f"document:{document.pk}",
        due=now,
    )
    Task.objects.bulk_create([task], ignore_conflicts=True)


def _end(document: Document, lease: uuid.UUID, state: str, reason: str, **more) -> None:
    """Store the end of a try, but only of our own."""
    mine = Document.objects.filter(pk=document.pk, lease=lease)
    mine.update(state=state, reason=reason[:200], lease=None, lease_until=None, **more)
