"""``manage.py first_admin EMAIL``: the way into an empty database."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import ProgrammingError
from django.utils import timezone

from clinic.accounts.actions import INVITATION_LASTS, invite, invite_again
from clinic.accounts.models import User
from clinic.errors import Refused
from clinic.kernel.actors import System
from clinic.kernel.dates import moment
from clinic.kernel.glyphs import printable
from clinic.kernel.roles import Role
from clinic.organisation.divisions import load_divisions

SETUP = System("setup")


class Command(BaseCommand):
    """Loads counties and townships and invites the first administrator."""

    help = "Load counties and townships and invite the first administrator (empty database only)."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", help="address that gets the invitation")
        parser.add_argument("--name", default="", help="name of the administrator")
        parser.add_argument(
            "--again",
            action="store_true",
            help="mail a new link, while nobody has set up an account yet",
        )

    def handle(self, *args, email: str, name: str, again: bool, **options) -> None:
        email, name = email.strip(), name.strip() or email.partition("@")[0]
        _check(email, name)
        try:
            earlier = _invited_before(email) if again else _nobody_yet(email)
            divisions = load_divisions()
            user = _mail(earlier, email, name)
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run first: manage.py migrate") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        until = moment(timezone.now() + INVITATION_LASTS)
        self.stdout.write(f"Counties and townships: {divisions} loaded.")
        self.stdout.write(f"Invited as administrator: {user.name} <{user.email}>.")
        self.stdout.write("The mail leaves when the worker runs.")
        self.stdout.write(f"Its link works until {until}. Once lost: add --again.")


def _check(email: str, name: str) -> None:
    """Refuse an address or a name that a form would refuse as well."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f'"{email}" is not an email address.') from error
    try:
        printable(name)
    except ValidationError as error:
        raise CommandError(f"--name: {' '.join(error.messages)}") from error
    if len(name) > User._meta.get_field("name").max_length:
        raise CommandError("--name: at most 100 characters.")


def _nobody_yet(email: str) -> None:
    if User.objects.exists():
        raise CommandError(
            f"There are accounts already; {email} was not invited. An administrator invites "
            "others on the page Staff. If the first invitation was lost before any account was "
            "set up: manage.py first_admin EMAIL --again"
        )


def _invited_before(email: str) -> User:
    if User.objects.exclude(joined_at=None).exists():
        raise CommandError(
            "An account is set up already; no new link was mailed. An administrator sends "
            "invitations again on the page Staff."
        )
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"{email} was never invited. Leave out --again.")
    return user


def _mail(earlier: User | None, email: str, name: str) -> User:
    if earlier:
        return invite_again(user=earlier, by=SETUP, now=timezone.now())
    return invite(
        email=email,
        name=name,
        roles=[Role.ADMIN],
        language="zh-hant",
        by=SETUP,
        now=timezone.now(),
    )
