"""Adding to the audit chain and checking it.

Each entry carries an HMAC over its content and over the entry before it; the key lies outside the
database. The head is locked while entries are added, and has a seal of its own, so that cutting
off the end shows as well. That the whole chain was taken away shows by what was done before it
begins. What this cannot show: a whole database put back to an earlier day.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, models

from clinic.kernel.audit.models import AuditEntry, AuditHead

GENESIS = "0" * 64


@dataclass(frozen=True)
class Row:
    """An entry that waits to be written. ``at`` is an aware datetime."""

    at: datetime
    actor: str
    verb: str
    subject_label: str
    subject_id: int
    why: str
    details: dict


@dataclass(frozen=True)
class Problem:
    """What ``verify`` found at ``seq``."""

    seq: int
    problem: str


def append(rows: list[Row]) -> None:
    """Write ``rows`` at the end of the chain, inside the caller's transaction, as its last work."""
    head = _locked_head()
    entries = []
    for row in rows:
        entry = AuditEntry(seq=head.seq + 1, previous_mac=head.mac, **row.__dict__)
        entry.mac = entry_mac(entry)
        entries.append(entry)
        head.seq, head.mac = entry.seq, entry.mac
    AuditEntry.objects.bulk_create(entries)
    head.seal = head_seal(head)
    head.save(update_fields=["seq", "mac", "seal"])


def _locked_head() -> AuditHead:
    heads = AuditHead.objects.select_for_update()
    if head := heads.first():
        return head
    _begin()
    return heads.get()


def _begin() -> None:
    """Write the head of an empty chain, unless somebody else does at the same moment."""
    empty = AuditHead(seq=0, mac=GENESIS)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clinic_audithead (id, seq, mac, seal) VALUES (1, 0, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [GENESIS, head_seal(empty)],
        )


def _hmac(kind: str, content: list) -> str:
    text = json.dumps([kind, *content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.AUDIT_KEY, text.encode(), hashlib.sha256).hexdigest()


def entry_mac(entry: AuditEntry) -> str:
    """Return the HMAC of an entry's whole content and of the entry before it."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _hmac(
        "entry",
        [
            entry.seq,
            at,
            entry.actor,
            entry.verb,
            entry.subject_label,
            entry.subject_id,
            entry.why,
            entry.details,
            entry.previous_mac,
        ],
    )


def head_seal(head: AuditHead) -> str:
    """Return the HMAC that binds the head's number to its end of the chain."""
    return _hmac("head", [head.seq, head.mac])


def _same(stored: str, ours: str) -> bool:
    return hmac.compare_digest(stored.encode(), ours.encode())  # as text it must be ASCII


def verify(since: datetime | None = None) -> Iterator[Problem]:
    """Walk the whole chain and yield every place where it does not hold.

    Entries may be added meanwhile: one statement reads chain and head as of one moment.

    :param since: when the first thing was done that must stand in the chain, read before; None:
        nothing is known of.
    """
    head = AuditHead.objects.order_by()
    rows = AuditEntry.objects.annotate(
        **{f"head_{name}": models.Subquery(head.values(name)) for name in ("seq", "mac", "seal")}
    )
    seq, mac, end, earliest = 0, GENESIS, None, None
    for entry in rows.order_by("seq").iterator(chunk_size=2000):
        if entry.seq != seq + 1:
            yield Problem(seq + 1, "missing")
        elif entry.previous_mac != mac:
            yield Problem(entry.seq, "does not follow the entry before it")
        if not _same(entry.mac, entry_mac(entry)):
            yield Problem(entry.seq, "changed, or not written by this software")
        seq, mac = entry.seq, entry.mac
        earliest = min(earliest or entry.at, entry.at)
        end = AuditHead(seq=entry.head_seq, mac=entry.head_mac, seal=entry.head_seal)
    if since and (earliest is None or earliest > since):
        yield Problem(1, "the beginning is missing: there were accounts before it")
    yield from _verify_head(end or head.first(), seq, mac)


def _verify_head(head: AuditHead | None, seq: int, mac: str) -> Iterator[Problem]:
    if head is None or head.seq is None:
        if seq:
            yield Problem(seq, "the head is missing")
        return
    if not _same(head.seal, head_seal(head)):
        yield Problem(head.seq, "the head was changed")
    if (head.seq, head.mac) != (seq, mac):
        yield Problem(max(head.seq, seq), "the end of the chain is not where the head says")
