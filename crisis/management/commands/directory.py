import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crisis.directory.listing import listed


class Command(BaseCommand):
    help = "Print the entries of the directory that are shown, with source and date."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")
        parser.add_argument("--county", default="", help="only this county, such as 花蓮縣")
        parser.add_argument("--town", default="", help="only this township of the county")

    def handle(self, *args, **options) -> None:
        if options["town"] and not options["county"]:
            raise CommandError("--town needs --county: names of townships are not unique.")
        rows = list(listed(timezone.now(), options["county"], options["town"]))
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            place = row["county"] + row["town"] or "–"
            phones = "、".join(row["phones"]) or row["phone_note"] or "–"
            confirmed = row["confirmed_on"] or "not confirmed"
            dated = f"{row['source']} ({row['source_date']})"
            words = [row["kind"], row["name"], place, phones, dated, confirmed]
            self.stdout.write("  ".join(words))
