"""Commands that work as the owning role: only these need its address (design 4, two roles)."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connections


class OwningRole(BaseCommand):
    """A command that needs ``DATABASE_OWNER_URL``, asked before anything looks for that database.

    Raises CommandError where it is not set.
    """

    def execute(self, *args: Any, **options: Any) -> Any:
        if options.get("database", "owner") not in connections:
            what = "postgres://owning-role:…@host/name"
            raise CommandError(f"DATABASE_OWNER_URL is not set. Set it to {what}.")
        return super().execute(*args, **options)
