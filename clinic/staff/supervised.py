"""What was done by virtue of a supervision: it is not ended before that day.

The apps whose records these are say so by ``@by_supervisor``; this folder knows none of them.
"""

from collections.abc import Callable, Iterable
from datetime import date

from clinic.staff.models import Oversight

Acts = Callable[[Oversight, date], Iterable[date]]

ACTS: list[Acts] = []


def by_supervisor(acts: Acts) -> Acts:
    """Register a function: the days after a given one on which the overseer acted as such."""
    ACTS.append(acts)
    return acts


def last_act(oversight: Oversight, after: date) -> date | None:
    """Return the last day after ``after`` that rests on this supervision and on no other one."""
    same = {"overseer": oversight.overseer_id, "overseen": oversight.overseen_id}
    others = list(Oversight.objects.of_service().filter(**same).exclude(pk=oversight.pk))
    days = {day for acts in ACTS for day in acts(oversight, after)}
    resting = [day for day in days if oversight.in_force(day)]
    return max((d for d in resting if not any(row.in_force(d) for row in others)), default=None)
