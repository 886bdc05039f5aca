"""Who acts. A user, a person who came by a link, or a named part of the software itself."""

from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_lazy as _


class Actor(Protocol):
    """Anything that may stand in ``by``."""

    @property
    def actor_label(self) -> str:
        """``kind:id`` as it stands in the audit chain: ``user:5``, ``system:outbox``."""


@dataclass(frozen=True)
class System:
    """A named part of the software, such as ``System("outbox")``."""

    name: str

    @property
    def actor_label(self) -> str:
        return f"system:{self.name}"


SYSTEM_NAMES = {
    "outbox": _("mail delivery"),
    "setup": _("set-up command"),
    "shell": _("command line"),
    "demo": _("demo data"),
    "accounts": _("sign-in"),
    "consent": _("consent reminders"),
    "link": _("somebody with the mailed link"),
    "sessions": _("appointment mails"),
}
