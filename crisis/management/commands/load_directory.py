from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.errors import Refused
from clinic.kernel.actors import System
from clinic.organisation.divisions import load_divisions
from crisis.directory.files import DATA
from crisis.directory.loading import load_directory


class Command(BaseCommand):
    help = "Load the directory of local crisis resources. May be repeated; edits are kept."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, default=DATA, metavar="DIR")

    def handle(self, *args, **options) -> None:
        load_divisions()
        try:
            load = load_directory(
                folder=options["folder"], by=System("directory"), now=timezone.now()
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for name, counts in load.counts.items():
            words = "  ".join(f"{number} {what}" for what, number in counts.items())
            self.stdout.write(f"{name}: {words.replace('_', ' ')}")
