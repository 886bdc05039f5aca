"""The last sign-ins of an account, as its owner sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.accounts.actions import confirm_device, note_sign_in
from clinic.accounts.models import User
from clinic.accounts.second_step import Check, check_code
from clinic.kernel.audit.models import AuditEntry

SHOWN = 10
WORDS = {
    (note_sign_in.verb, ""): ("go", _("Signed in")),
    (confirm_device.verb, ""): ("go", _("Account set up")),
    (check_code.verb, Check.WRONG): ("fix", _("Wrong code")),
    (check_code.verb, Check.WAIT): ("fix", _("Code not looked at, after several wrong ones")),
}


@dataclass(frozen=True)
class SignIn:
    """One sign-in or one refused code; ``state`` is ``go`` or ``fix``."""

    at: datetime
    state: str
    text: Any


def last_sign_ins(user: User) -> list[SignIn]:
    """Return the newest sign-ins and refused codes, newest first."""
    verbs = {verb for verb, _note in WORDS}
    entries = AuditEntry.objects.about(user).filter(verb__in=verbs)
    entries = entries.exclude(verb=check_code.verb, details__note=Check.OK)
    return [
        SignIn(entry.at, *WORDS[entry.verb, entry.details.get("note", "")])
        for entry in entries[:SHOWN]
    ]
