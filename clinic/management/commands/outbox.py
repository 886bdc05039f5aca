from clinic.kernel.outbox import listing
from clinic.management.commands._report import ReportCommand


class Command(ReportCommand):
    help = "Print the rows of the outbox, the oldest first."

    def handle(self, *args, **options) -> None:
        if options["json"]:
            return self.print_json(list(listing.rows()))
        for row in listing.rows():
            words = [row["state"], row["kind"], row["recipient"], row["occasion"], row["reason"]]
            self.stdout.write(f"{row['id']:>8}  " + "  ".join(word for word in words if word))
        return None
