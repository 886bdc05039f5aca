"""Settings of workers that are killed while they make documents: what follows from time, at once."""

from tests.faults.worker_settings import *  # noqa: F403  but for one wait
from tests.faults.worker_settings import CELERY_BEAT_SCHEDULE

CELERY_BEAT_SCHEDULE = CELERY_BEAT_SCHEDULE | {
    "derive what is due": {"task": "clinic.derive", "schedule": 1.0},
}
