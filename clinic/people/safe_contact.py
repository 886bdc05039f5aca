"""Safe contact in words: how a person may be reached without somebody else learning of it."""

from django.utils.translation import gettext as _

from clinic.people.models import Person


def safe_contact_words(person: Person) -> list[str]:
    """Return one sentence for each rule that holds; the code word is not among them."""
    lines = []
    if person.never_mail:
        lines.append(_("Never write mail."))
    if person.neutral_contact:
        lines.append(_("Write without naming the clinic."))
    if person.safe_channel:
        way = person.get_safe_channel_display()
        lines.append(_("Safe way: %(way)s.") % {"way": way})
    if person.safe_from:
        hours = {"start": f"{person.safe_from:%H:%M}", "end": f"{person.safe_until:%H:%M}"}
        lines.append(_("Only between %(start)s and %(end)s.") % hours)
    return lines
