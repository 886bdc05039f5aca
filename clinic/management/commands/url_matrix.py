from dataclasses import asdict

from clinic.kernel import access_table
from clinic.management.commands._report import ReportCommand


class Command(ReportCommand):
    help = "Print every address with its methods, policy and roles."

    def handle(self, *args, **options) -> None:
        if options["json"]:
            self.print_json([asdict(row) for row in access_table.rows()])
        else:
            self.stdout.write(access_table.as_text())
