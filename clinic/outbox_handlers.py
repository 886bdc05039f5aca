"""The clinic's kinds of messages, found when the software starts. Importing registers them."""

from clinic.accounts import outbox_handlers as accounts
from clinic.kernel.documents import outbox_handlers as documents
from clinic.staff import outbox_handlers as staff

__all__ = ["accounts", "documents", "staff"]
