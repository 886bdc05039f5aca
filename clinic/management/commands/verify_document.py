import sys
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import CommandError

from clinic.kernel.documents.verify import GENUINE, verify
from clinic.management.commands._report import ReportCommand


class Command(ReportCommand):
    help = "Say whether a PDF is a document of this clinic, unaltered; ends with 1 when it is not."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read.") from error
        verdict = verify(content)
        if options["json"]:
            at = verdict.at.isoformat() if verdict.at else None
            words = {"words": str(verdict.headline), "why": verdict.why}
            words |= {"level_words": verdict.level_words}
            self.print_json(asdict(verdict) | {"at": at} | words)
        else:
            words = [str(verdict.headline), verdict.why, str(verdict.advice), *verdict.facts]
            self.stdout.write("\n".join(line for line in words if line))
        if verdict.outcome != GENUINE:
            sys.exit(1)
