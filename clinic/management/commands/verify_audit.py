import sys
from dataclasses import asdict

from django.db.models import Min

from clinic.accounts.models import User
from clinic.kernel.audit import chain
from clinic.kernel.audit.models import AuditEntry
from clinic.management.commands._report import ReportCommand


class Command(ReportCommand):
    help = "Check the audit chain; ends with 1 when an entry was changed, removed or put in."

    def handle(self, *args, **options) -> None:
        first = User.objects.aggregate(at=Min("invited_at"))["at"]  # each is an action's work
        problems = list(chain.verify(since=first))
        rows = AuditEntry.objects.count()
        if options["json"]:
            found = [asdict(problem) for problem in problems]
            self.print_json({"ok": not problems, "rows": rows, "problems": found})
        else:
            for problem in problems:
                self.stdout.write(f"entry {problem.seq}: {problem.problem}")
            self.stdout.write(f"{rows} entries, {len(problems)} problems")
        if problems:
            sys.exit(1)
