"""The worker. Tasks carry ids only; what is to be done lies in the database."""

import os
import sys
from typing import Any

from celery import Celery, signals
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
app = Celery("clinic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
def stop_where_a_check_fails(**kwargs: Any) -> None:
    """Stop a worker that could not seal, print or store; Celery by itself would run on.

    What is raised here it would only log, unless it is an exit.
    """
    try:
        call_command("check", "--fail-level", "ERROR")
    except Exception as error:  # noqa: BLE001  whatever a check raises would only be logged
        sys.exit(str(error))
