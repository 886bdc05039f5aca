"""``migrate`` works as the owning role; the serving role may not change the schema."""

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """Django's command with ``--database owner`` as the default."""

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args, **options) -> None:
        if options["database"] not in connections:
            raise CommandError(
                "DATABASE_OWNER_URL is not set. Set it to postgres://owning-role:…@host/name."
            )
        super().handle(*args, **options)
