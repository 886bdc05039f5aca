"""A message that cannot be delivered becomes a task for a person with a telephone."""

from datetime import datetime

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task


def ask_to_telephone(row: Outbox, kind: str, now: datetime) -> None:
    """Leave one task an undelivered row. ``kind``: ``undeliverable`` or ``no_address``."""
    task = Task(kind=kind, key=str(row.pk), role="admin", about=row.recipient, due=now)
    Task.objects.bulk_create([task], ignore_conflicts=True)
