"""Doorways of the worker: each loads nothing but what it needs and makes one call."""

from celery import shared_task
from django.utils import timezone

from clinic.accounts.session_store import SessionStore
from clinic.kernel import kept_forms
from clinic.kernel.documents.making import sweep
from clinic.kernel.outbox.delivery import deliver_due
from clinic.staff.reminders import derive_licence_notices


@shared_task(name="clinic.deliver_outbox")
def deliver_outbox() -> None:
    """Deliver everything that is due."""
    deliver_due()


@shared_task(name="clinic.derive")
def derive() -> None:
    """Write the messages that follow from today's date, ask again for unfinished documents, and
    forget what has had its time."""
    now = timezone.now()
    derive_licence_notices(now=now)
    sweep(now)
    kept_forms.forget_old(now)
    SessionStore.clear_expired()
