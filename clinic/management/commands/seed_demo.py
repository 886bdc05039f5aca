"""``seed_demo``: load the fictional clinic. Only in demo mode, only into its own database."""

import json
from random import Random

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.demo.cast import PASSWORD
from clinic.demo.report import accounts, links
from clinic.demo.seed import NotTheDemo, seed, seed_more


class Command(BaseCommand):
    help = "Load the demo's fictional clinic; may be repeated."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--clients", type=int, default=0, help="further clients, at most 1000")
        parser.add_argument("--seed", type=int, default=1, help="the same number, the same clients")
        parser.add_argument("--json", action="store_true", help="print accounts, secrets, links")

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("seed_demo works in demo mode only (DEMO=1).")
        if not 0 <= options["clients"] <= 1000:
            raise CommandError("--clients takes a number from 0 to 1000.")
        now = timezone.now()
        try:
            seed(now)
        except NotTheDemo as refused:
            raise CommandError(str(refused)) from refused
        seed_more(options["clients"], Random(options["seed"]), now)  # noqa: S311  no secret
        if options["json"]:
            report = {"password": PASSWORD, "accounts": accounts(), "links": links()}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"Password of every demo account: {PASSWORD}")
        for account in accounts():
            self.stdout.write(f"  {account['email']}  {account['name']}  {account['roles']}")
