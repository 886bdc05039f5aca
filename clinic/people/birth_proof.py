"""The second rung of identity behind a link: the birth date.

Five wrong ones in a row close the door and ask for a call; staff open it again.
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.kernel.action import action, record
from clinic.kernel.actors import Actor, System
from clinic.kernel.links.models import Link
from clinic.kernel.tasks.models import Task
from clinic.people.models import Person

MOST_TRIES = 5
# Who acts with the mail alone: until the birth date is proven, nothing says that it was the signer.
HOLDER = System("link")


@action("link.prove", says=_("entered the birth date at a link"))
def prove_birth_date(
    *, link: Link, person: Person, task: str, owner: Any, born: date, by: Actor, now: datetime
) -> bool:
    """Compare ``born`` with the file. An outcome, not a refusal: a wrong try must be kept.

    :param by: ``HOLDER``: a wrong try may be anybody's.
    :param task: the kind of the to-do that the last wrong try leaves; ``owner``: the user it is for.
    """
    row = Link.objects.select_for_update().get(pk=link.pk)
    was_locked = is_locked(row)
    right = not was_locked and born == person.birth_date
    record(person, note="right" if right else "wrong")
    row.wrong_tries = 0 if right else min(row.wrong_tries + 1, MOST_TRIES)
    row.save(update_fields=["wrong_tries"])
    if is_locked(row) and not was_locked:
        _ask_to_telephone(row, task, owner, person, now)
    return right


def is_locked(link: Link) -> bool:
    """Whether too many wrong birth dates were tried; until staff open the door again."""
    return link.wrong_tries >= MOST_TRIES


def forget_tries(link: Link) -> None:
    """Let the birth date be tried again: only where staff know who holds the link."""
    Link.objects.filter(pk=link.pk).update(wrong_tries=0)


def _ask_to_telephone(link: Link, kind: str, owner: Any, person: Person, now: datetime) -> None:
    task = Task(
        kind=kind,
        key=f"{link.pk}:{link.issue}:{now.isoformat()}",  # opened again, it may be closed again
        owner=owner,
        about=person.actor_label,
        due=now,
    )
    Task.objects.bulk_create([task], ignore_conflicts=True)
