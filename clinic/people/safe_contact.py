"""Safe contact in words: how a person may be reached without somebody else learning of it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.dates import zone_words
from clinic.people.models import Person
from clinic.people.places import usual_place
from clinic.people.zones import zone_of


def safe_contact_words(person: Person) -> list[str]:
    """Return the rules that hold, in a sentence or two each; the code word is not among them.

    One query where she named safe hours: they are meant by the clock at her usual place.
    """
    lines = []
    if person.never_mail:
        lines.append(_("Never write mail."))
    if person.neutral_contact:
        lines.append(_("Write without naming the clinic."))
    if person.safe_channel:
        way = person.get_safe_channel_display()
        lines.append(_("Safe way: %(way)s.") % {"way": way})
    if person.safe_from:
        lines.append(_hours(person))
    return lines


def _hours(person: Person) -> str:
    hours = {"start": f"{person.safe_from:%H:%M}", "end": f"{person.safe_until:%H:%M}"}
    place, now = usual_place(person), timezone.now()
    if place is None or not place.is_abroad:
        return _("Only between %(start)s and %(end)s.") % hours
    zone = zone_of(place.country, place.region, now)
    if zone is None:
        words = _("Only between %(start)s and %(end)s by her clock. Her time zone is not known.")
        return words % hours
    hours["zone"] = zone_words(now.astimezone(zone))
    return _("Only between %(start)s and %(end)s by her clock there %(zone)s.") % hours
