from django.core.management.base import BaseCommand

from clinic.kernel import access_table


class Command(BaseCommand):
    help = "Print a table of every address and who may open it."

    def handle(self, *args, **options) -> None:
        self.stdout.write(access_table.as_text())
