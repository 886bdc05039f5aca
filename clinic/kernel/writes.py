"""Whether the database takes writes at the moment: a standby, or one whose disk was full, does not."""

from django.db import connection


def takes_no_writes() -> bool:
    """Ask the database itself. Raises its own error where it cannot be reached."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        (read_only,) = cursor.fetchone()
    return read_only == "on"
