"""Numbers that may be called, as pages show them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.kernel.fields import LEAST_DIGITS
from clinic.kernel.telephones import href
from crisis.directory.finding import OPENNESS, Found, Phone
from crisis.models import Choice, Resource
from crisis.models.resource_rows import ENOUGH_REPORTS


@dataclass(frozen=True)
class Line:
    """One number: whose, as shown, the link that calls ("" where it is not certain), what for.

    ``warning``: why it may not answer now.
    """

    name: Any
    shown: str
    href: str
    what: Any = ""
    warning: Any = ""

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


def lines_of_choice(choice: Choice, *, abroad: bool = False) -> list[Line]:
    """Return the numbers behind a choice; none where none is known or the directory lost it.

    ``abroad``: a short number of that country is not dialled from here, where it is somebody else's.
    """
    what = choice.get_kind_display()
    if choice.resource is None:
        if abroad and sum(c.isdigit() for c in choice.number) < LEAST_DIGITS:
            only = _("reaches help only from within that country")
            typed = Line(choice.name, choice.number, "", what, only)
        else:
            typed = Line(choice.name, choice.number, href(choice.number), what)
        return [typed] if choice.number else []
    if choice.is_gone:
        return []
    phones = [
        Phone(phone.shown, phone.dial, phone.extension, phone.note)
        for phone in choice.resource.phones.all()
    ]
    warning = _warning(choice.resource)
    return [_line(choice.resource.name, phone, what, warning) for phone in phones]


def lines_of_found(row: Found, what: Any) -> list[Line]:
    """Return the numbers of an entry of the directory."""
    warning = _warning(row.resource)
    return [_line(row.resource.name, phone, what, warning) for phone in row.phones]


def _line(name: str, phone: Phone, what: Any, warning: Any) -> Line:
    return Line(name, phone.shown, phone.href if phone.dial else "", what, warning)


def _warning(resource: Resource) -> Any:
    """From ``with_reports()`` and ``with_openness()``, where the row was asked with them."""
    if getattr(resource, "reported", 0) >= ENOUGH_REPORTS:
        return _("reported: does not answer")
    closed = OPENNESS.index("closed")
    return _("closed now") if getattr(resource, "openness", None) == closed else ""
