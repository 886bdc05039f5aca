"""``manage.py otp EMAIL``: an account's current one-time code, in demo mode only."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.accounts.models import Authenticator
from clinic.accounts.second_step import current_code


class Command(BaseCommand):
    """Plays the phone of a fictional person."""

    help = "Print the current one-time code of an account (demo mode only)."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", help="address of the account")

    def handle(self, *args, email: str, **options) -> None:
        if not settings.DEMO:
            raise CommandError("One-time codes are only printed in demo mode (DEMO=1).")
        device = Authenticator.objects.filter(user__email__iexact=email.strip()).first()
        if device is None:
            raise CommandError(f"{email} has no authenticator app. Is the address right?")
        self.stdout.write(current_code(device, timezone.now()))
