"""A chain of entries to try things on, and what only the owning role can do to it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connections

from clinic.kernel.audit.models import AuditEntry

# Commits for real, with both roles; the tables are emptied afterwards.
REAL = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
MOMENT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def append_as_owner(seq: int, mac: str = "f" * 64, previous_mac: str = "0" * 64) -> None:
    """Put in an entry that this software did not write."""
    AuditEntry.objects.using("owner").create(
        seq=seq,
        at=MOMENT,
        actor="user:1",
        verb="record.open",
        subject_label="clinic.person",
        subject_id=1,
        previous_mac=previous_mac,
        mac=mac,
    )


def tamper(change: Callable) -> None:
    """Run ``change(cursor)`` as the owning role with the trigger off: what an intruder could do."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE clinic_auditentry DISABLE TRIGGER append_only")
        try:
            change(cursor)
        finally:
            cursor.execute("ALTER TABLE clinic_auditentry ENABLE TRIGGER append_only")
