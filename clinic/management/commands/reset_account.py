"""``reset_account EMAIL``: for the one administrator who lost phone and recovery codes.

Whoever may run commands on the server vouches for her: password and authenticator app end, and a
new invitation is mailed to the address on file.
"""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.accounts.actions import reset_second_step
from clinic.accounts.models import User
from clinic.kernel.actors import System


class Command(BaseCommand):
    help = "Let an account be set up anew, by a link in a new mail."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", help="address of an open account")

    def handle(self, *args, **options) -> None:
        user = User.objects.in_state("").filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("No open account has this address.")
        reset_second_step(user=user, by=System("shell"), now=timezone.now())
        self.stdout.write(f"A mail with a new link is on its way to {user.email}.")
