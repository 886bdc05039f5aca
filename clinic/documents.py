"""The clinic's kinds of documents, found when the software starts. Importing registers them."""

from clinic.staff import documents as staff

__all__ = ["staff"]
