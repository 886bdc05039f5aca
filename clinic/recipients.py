"""How the outbox finds whom to write to, and how: safe contact is asked when a mail leaves."""

from datetime import time

from django.utils import timezone

from clinic.accounts.models import User
from clinic.kernel.outbox.registry import Recipient, recipient
from clinic.people.models import Person
from clinic.people.places import Place
from clinic.people.zones import zone_of

DAY = (time(8), time(21))


@recipient("user")
def staff(number: int) -> Recipient | None:
    """Return a member of staff; None for an unknown or closed account."""
    user = User.objects.filter(pk=number, is_active=True).first()
    return Recipient(user.email, user.language, user.name) if user else None


@recipient("person")
def client(number: int) -> Recipient | None:
    """Return a client with what she said of safe contact; her safe hours narrow the day."""
    person = Person.objects.filter(pk=number).first()
    if person is None:
        return None
    window = (
        (max(person.safe_from, DAY[0]), min(person.safe_until, DAY[1])) if person.safe_from else DAY
    )
    return Recipient(
        email=person.email,
        language=person.letter_language,
        name=person.name,
        client=True,
        may_mail=person.may_be_mailed,
        neutral=person.neutral_contact,
        window=window,
        zone=_zone(person),
    )


def _zone(person: Person) -> str:
    """The zone of her usual place; Taipei's where none is on file or its zone cannot be known."""
    place = Place.objects.in_use().filter(person=person, usual=True).first()
    found = place and zone_of(place.country, place.region, timezone.now())
    return found.key if found else Recipient.zone
