"""Numbers that may be called, as pages show them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.kernel.telephones import href
from crisis.directory.finding import Found, Phone
from crisis.models import Choice


@dataclass(frozen=True)
class Line:
    """One number: whose, as shown, the link that calls ("" where it is not certain), what for."""

    name: Any
    shown: str
    href: str
    what: Any = ""

    @property
    def key(self) -> str:
        """What makes two lines the same number."""
        return self.href or self.shown


# Always there, without any directory and any profile (G5.2). They reach help inside Taiwan.
NATIONAL = (
    Line(_("Ambulance and fire brigade"), "119", "tel:119", _("24 hours")),
    Line(_("Police"), "110", "tel:110", _("24 hours")),
    Line(_("Someone to talk to (安心專線)"), "1925", "tel:1925", _("24 hours")),
)


def lines_of_choice(choice: Choice) -> list[Line]:
    """Return the numbers behind a choice; none where none is known or the directory lost it."""
    what = choice.get_kind_display()
    if choice.resource is None:
        typed = Line(choice.name, choice.number, href(choice.number), what)
        return [typed] if choice.number else []
    if choice.is_gone:
        return []
    phones = [
        Phone(phone.shown, phone.dial, phone.extension, phone.note)
        for phone in choice.resource.phones.all()
    ]
    return [_line(choice.resource.name, phone, what) for phone in phones]


def lines_of_found(row: Found, what: Any) -> list[Line]:
    """Return the numbers of an entry of the directory."""
    return [_line(row.resource.name, phone, what) for phone in row.phones]


def _line(name: str, phone: Phone, what: Any) -> Line:
    return Line(name, phone.shown, phone.href if phone.dial else "", what)
