"""Registries that each app fills from a file of fixed name; the kernel knows no app.

The files are found when the software starts. Nothing here imports another app by name.
"""

from django.utils.module_loading import autodiscover_modules

FILE_NAMES = (
    "requirements",
    "evidence",
    "outbox_handlers",
    "documents",
    "recipients",
    "todo",
    "panels",
    "columns",
    "each_minute",
    "demo",
    "checks",
)


def discover() -> None:
    """Load the registry files of every installed app."""
    autodiscover_modules(*FILE_NAMES)
