"""Who sees which people and cases. What a reader may not see does not exist for her (404)."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from clinic.accounts.models import User
from clinic.cases.models import Case, CaseQuerySet, Participant
from clinic.kernel.roles import CLINICAL
from clinic.people.models import Person, PersonQuerySet
from clinic.staff.models import Oversight


def cases_visible_to(user) -> CaseQuerySet:
    """Cases of ``user`` as the three tables say; nothing without a clinical role."""
    return Case.objects.visible_to(user) if user.has_role(*CLINICAL) else Case.objects.none()


def people_visible_to(user) -> PersonQuerySet:
    """People in cases visible to ``user``, and those she registered who are in no case yet."""
    return _people_in(cases_visible_to(user), user)


def people_kept_by(user) -> PersonQuerySet:
    """People whose file ``user`` changes: of cases kept by her, and those who are in no case yet.

    Whoever oversees a psychologist reads it.
    """
    return _people_in(cases_visible_to(user).kept_by(user), user)


def _people_in(cases: CaseQuerySet, user) -> PersonQuerySet:
    if not user.has_role(*CLINICAL):
        return Person.objects.none()
    seen = Participant.objects.filter(case__in=cases)
    hers = Q(registered_by=user) & ~Exists(Participant.objects.filter(person=OuterRef("pk")))
    return Person.objects.filter(Q(pk__in=seen.values("person")) | hers)


def in_case_state(people: PersonQuerySet, user, state: str) -> PersonQuerySet:
    """Keep people with an ``open`` case, with ``closed`` ones only, or with ``none``.

    Only cases that ``user`` sees count; any other ``state`` keeps everybody.
    """
    seen = Participant.objects.filter(person=OuterRef("pk"), case__in=cases_visible_to(user))
    running = Exists(seen.filter(case__closed_at=None))
    wanted = {
        "open": Q(running),
        "closed": Q(Exists(seen)) & ~Q(running),
        "none": ~Q(Exists(seen)),
    }
    return people.filter(wanted[state]) if state in wanted else people


def with_cases(people: PersonQuerySet, user) -> PersonQuerySet:
    """Load each person's parts in the cases that ``user`` sees, newest first, as ``seen_parts``."""
    cases = cases_visible_to(user)
    parts = Participant.objects.filter(case__in=cases)
    parts = parts.annotate(is_kept=Q(case__in=cases.kept_by(user)))
    parts = parts.select_related("case__counsellor").order_by("-case__opened_at", "-case_id")
    return people.prefetch_related(Prefetch("participations", parts, to_attr="seen_parts"))


def is_kept_by(person: Person, user) -> bool:
    """``people_kept_by`` of one person whom ``user`` sees, loaded ``with_cases``: no query."""
    parts = person.seen_parts  # none: she registered her, and there is no case yet
    return not parts or any(part.is_kept for part in parts)


def counsellors_of(cases: CaseQuerySet) -> QuerySet[User]:
    """Accounts that have one of ``cases``, by name."""
    return User.objects.filter(pk__in=cases.values("counsellor")).order_by("name", "id")


def overseers_of(counsellor: User, day: date) -> QuerySet[Oversight]:
    """Supervisions of ``counsellor`` in force on ``day``, with their supervisors."""
    rows = Oversight.objects.in_force_on(day).filter(overseen=counsellor)
    return rows.select_related("overseer").order_by("overseer__name", "id")
