"""Settings of workers that are killed: leases and sweeps of seconds, so that a minute shows much."""

from clinic.settings import *  # noqa: F403  the product's own, but for two waits

OUTBOX_LEASE_SECONDS = 2
CELERY_BEAT_SCHEDULE = {
    "deliver the outbox": {"task": "clinic.deliver_outbox", "schedule": 1.0},
}
