"""Numbers that may be called, as pages show them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.fields import LEAST_DIGITS
from clinic.kernel.telephones import href
from crisis.directory.finding import OPENNESS, Found, Phone
from crisis.directory.trust import dated, doubts_of
from crisis.models import Choice, Resource
from crisis.models.resource_rows import ENOUGH_REPORTS


@dataclass(frozen=True)
class Line:
    """One number: whose, as shown, the link that calls ("" where it is not certain), what for.

    ``warning``: why it may not answer now. ``dated``: the day of its source or confirmation.
    """

    name: Any
    shown: str
    href: str
    what: Any = ""
    warning: Any = ""
    dated: str = ""

    @property
    def key(self) -> str:
        """What makes two lines the same number."""
        return self.href or self.shown

    @property
    def whose(self) -> "Line":
        """The same without its number: what several numbers of one entry have in common."""
        return replace(self, shown="", href="", warning="")


# Always there, without any directory and any profile (G5.2). They reach help inside Taiwan.
NATIONAL = (
    Line(gettext_lazy("Ambulance and fire brigade"), "119", "tel:119", gettext_lazy("24 hours")),
    Line(gettext_lazy("Police"), "110", "tel:110", gettext_lazy("24 hours")),
    Line(
        gettext_lazy("Someone to talk to (安心專線)"), "1925", "tel:1925", gettext_lazy("24 hours")
    ),
)


def lines_of_choice(choice: Choice, today: date, *, abroad: bool = False) -> list[Line]:
    """Return the numbers behind a choice ``with_change()``; none where none is known or it is gone.

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
    lines = [_line(choice.resource, phone, what, today) for phone in phones]
    if not choice.is_changed:
        return lines
    new = _("new number; the client's sheet has the old one")
    return [
        replace(line, warning=_("; ").join(filter(None, (new, line.warning)))) for line in lines
    ]


def lines_of_found(row: Found, what: Any, today: date) -> list[Line]:
    """Return the numbers of an entry of the directory."""
    return [_line(row.resource, phone, what, today) for phone in row.phones]


def _line(resource: Resource, phone: Phone, what: Any, today: date) -> Line:
    return Line(
        resource.name,
        phone.shown,
        phone.href if phone.dial else "",
        what,
        _warning(resource, today, certain=bool(phone.dial)),
        dated(resource),
    )


def _warning(resource: Resource, today: date, *, certain: bool) -> str:
    """From ``with_reports()`` and ``with_openness()`` as well, where the row was asked with them."""
    doubts = doubts_of(resource, today, certain=certain)
    if resource.held:  # chosen before it was held back: said, not taken away in a crisis
        doubts.insert(0, str(Resource.Hold(resource.held).label))
    if getattr(resource, "reported", 0) >= ENOUGH_REPORTS:
        doubts.insert(0, _("reported: does not answer"))
    elif getattr(resource, "openness", None) == OPENNESS.index("closed"):
        doubts.append(_("closed now"))
    return _("; ").join(doubts)
