"""``migrate`` works as the owning role; the serving role may not change the schema."""

from django.core.management.commands import migrate

from clinic.kernel.owning_role import OwningRole


class Command(OwningRole, migrate.Command):
    """Django's command with ``--database owner`` as the default."""

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
