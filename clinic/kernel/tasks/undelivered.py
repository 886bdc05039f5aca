"""A message that cannot be delivered becomes a task for a person with a telephone."""

from datetime import datetime

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import who_telephones
from clinic.kernel.tasks.models import Task


def ask_to_telephone(row: Outbox, kind: str, now: datetime) -> None:
    """Leave one task an undelivered row, for who knows the recipient: an administrator sees no
    client, and could not call one. ``kind``: ``undeliverable`` or ``no_address``.
    """
    owner = who_telephones(row)
    whose = {"owner_id": owner} if owner else {"role": "admin"}
    task = Task(kind=kind, key=str(row.pk), about=row.recipient, due=now, **whose)
    Task.objects.bulk_create([task], ignore_conflicts=True)
