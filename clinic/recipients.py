"""How the outbox finds whom to write to, and how: safe contact is asked when a mail leaves."""

from datetime import time

from clinic.accounts.models import User
from clinic.kernel.outbox.registry import Recipient, recipient
from clinic.people.models import Person
from clinic.people.places import usual_place
from clinic.people.zones import zones_of

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
        zones=_zones(person),
    )


def _zones(person: Person) -> tuple[str, ...]:
    """The zones that her usual place may have; Taipei's where no such place is on file."""
    place = usual_place(person)
    return (place and zones_of(place.country, place.region)) or Recipient.zones
