"""Doorways of the worker: each loads nothing but what it needs and makes one call."""

from celery import shared_task
from django.utils import timezone

from clinic.kernel.each_minute import do_all
from clinic.kernel.outbox.delivery import deliver_due


@shared_task(name="clinic.deliver_outbox")
def deliver_outbox() -> None:
    """Deliver everything that is due."""
    deliver_due()


@shared_task(name="clinic.derive")
def derive() -> None:
    """Write what follows from the time: reminders, endings, another try at documents."""
    do_all(timezone.now())
