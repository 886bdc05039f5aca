"""Who asked for paper."""

from clinic.people.birth_proof import HOLDER
from consent.models import Request

WISHED = "paper_wished"  # the event


def wished_with_the_mail_alone(request: Request) -> bool:
    """Whether the newest wish for paper came without a birth date: it may be another's."""
    wishes = request.events.filter(what=WISHED).order_by("-number")
    return wishes.values_list("actor", flat=True).first() == HOLDER.actor_label
