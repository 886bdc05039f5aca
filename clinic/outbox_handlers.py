"""The clinic's kinds of messages, found when the software starts."""

from clinic.accounts import outbox_handlers  # noqa: F401  registers on import
