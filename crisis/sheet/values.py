"""What the lines of crisis mode call the people and numbers of this session."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from clinic.organisation.models import Clinic
from crisis.profiles.numbers import Line
from crisis.sheet.cards import Card
from crisis.sheet.loading import Around


def values_of(known: Around, shown: Sequence[Card]) -> dict[str, str]:
    """Return the placeholders of ``steps.toml``; words in brackets where nothing is known."""
    phones = [_number(card, line) for card in shown for line in card.call_back]
    contacts = [contact.name for card in shown for contact, _lines in card.contacts]
    places = dict.fromkeys(_place(card) for card in shown if card.where)
    clinic = known.clinic
    return {
        "clinic_name": clinic.called if clinic else "…",
        "today_place": " / ".join(places) or _("[address not known: ask now]"),
        "callback_phone": phones[0] if phones else _("[no number on file]"),
        "second_phone": phones[1] if len(phones) > 1 else _("[no second number]"),
        "emergency_contact_name": _(", ").join(contacts) or _("[none who may be called]"),
        "supervisor_name": _(", ").join(user.name for user in known.supervisors)
        or _("[the psychologist in charge]"),
        "crisis_reconnect_minutes": str((clinic or Clinic()).reconnect_minutes),
    }


def _place(card: Card) -> str:
    """An address; at the clinic with the name of the premises, by which they are found."""
    where = card.where.full_address
    return f"{where} ({card.where.name})" if card.here else where


def _number(card: Card, line: Line) -> str:
    """A number with what was agreed about it: a call may reach whom she fears."""
    return (
        _("%(number)s (agreed: no calls today)") % {"number": line.shown}
        if card.silent
        else line.shown
    )
