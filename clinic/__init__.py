"""The clinic's own ground: accounts, people, cases, registers, and the kernel under all apps."""

from clinic.celery import app as celery_app

__all__ = ["celery_app"]
