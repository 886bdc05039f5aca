"""What the commands that report have in common."""

import json
from typing import Any

from django.core.management.base import BaseCommand


class ReportCommand(BaseCommand):
    """A command with ``--json`` beside words for people."""

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")

    def print_json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=1))
