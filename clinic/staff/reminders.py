"""Messages that follow from today's date: licences that end."""

from datetime import datetime


def derive_licence_notices(now: datetime) -> None:
    """Stub."""
