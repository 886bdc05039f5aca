"""May these people be booked for a tele-session on that day? Asked of the same requirements."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils import timezone

from clinic.accounts.models import User
from clinic.kernel.readiness import Finding, Planned, assess
from clinic.staff.models import Oversight


def findings_on(users: Sequence[User], day: date, now: datetime) -> dict[int, list[Finding]]:
    """Return by user id what is asked of each psychologist, before any session is booked.

    Asked about an imagined video session at noon of ``day``.

    A constant number of queries. ``users`` come with their practitioner.
    """
    overseers = Oversight.objects.overseers_on((user.pk, day) for user in users)
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    plans = {user.pk: _plan(user, noon, overseers[user.pk, day]) for user in users}
    answers = assess(list(plans.values()), now, of_person=True)
    return {pk: answers[plan] for pk, plan in plans.items()}


def _plan(user: User, noon: datetime, overseers: tuple[int, ...]) -> Planned:
    practitioner = getattr(user, "practitioner", None)
    return Planned(
        session_id=None,
        case_id=None,
        modality="individual",
        channel="video",
        start=noon,
        room_id=None,
        counsellor_id=user.pk,
        counsellor_kind=practitioner.kind if practitioner else "",
        overseer_ids=overseers,
    )
