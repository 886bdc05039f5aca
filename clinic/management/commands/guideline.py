from clinic.kernel.guideline_map import clauses
from clinic.management.commands._report import ReportCommand


class Command(ReportCommand):
    help = "Print every clause of the guideline with what answers it."

    def handle(self, *args, **options) -> None:
        if options["json"]:
            return self.print_json({"clauses": clauses()})
        for clause in clauses():
            answers = clause["requirements"] + clause["evidence"]
            self.stdout.write(f"{clause['id']:<8}{', '.join(answers) or clause['excuse'] or '—'}")
        return None
