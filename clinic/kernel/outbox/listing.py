"""The outbox as plain values: keys and states, never a name or an address."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from clinic.kernel.outbox.models import Outbox


def rows() -> Iterator[dict[str, Any]]:
    """Yield every row, the oldest first; times in ISO 8601 with their zone."""
    for row in Outbox.objects.order_by("pk").iterator(chunk_size=1000):
        yield {
            "id": row.pk,
            "kind": row.kind,
            "recipient": row.recipient,
            "occasion": row.occasion,
            "version": row.version,
            "state": row.state,
            "maybe_twice": row.maybe_twice,
            "attempts": row.attempts,
            "message_id": row.message_id,
            "not_before": _iso(row.not_before),
            "finished_at": _iso(row.finished_at),
            "reason": row.reason,
        }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
