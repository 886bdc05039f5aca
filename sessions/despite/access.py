"""Starts with a reason, and who has to see them."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from clinic.kernel.roles import PSYCHOLOGISTS
from clinic.organisation.models import Clinic
from clinic.staff.models import Oversight
from sessions.models import DespiteSeen, StartAttempt


def started_despite() -> QuerySet[StartAttempt]:
    """Return the attempts that began with a reason, with session and psychologist."""
    rows = StartAttempt.objects.filter(started=True, despite=True)
    return rows.select_related("by", "session__case", "session__counsellor")


def unseen_by(user, now: datetime) -> QuerySet[StartAttempt]:
    """Return the starts that ``user`` has to see, the oldest first; one query.

    Each who oversaw the psychologist when it began and still does. Who oversees her only since, or
    is in charge of the clinic where nobody oversees her, has to see what nobody has seen yet.
    """
    if not user.has_role(*PSYCHOLOGISTS):
        return StartAttempt.objects.none()
    today = timezone.localdate(now)
    seen = DespiteSeen.objects.filter(attempt=OuterRef("pk"))
    hers = Oversight.objects.of_service().filter(overseen=OuterRef("session__counsellor"))
    mine = hers.filter(overseer=user)
    oversees = Exists(mine.in_force_on(today))
    oversaw = Exists(mine.filter(period__contains=OuterRef("day")))
    in_charge = Exists(Clinic.objects.filter(responsible=user)) & ~Exists(hers.in_force_on(today))
    asked = (oversees & (oversaw | ~Exists(seen))) | (in_charge & ~Exists(seen))
    rows = started_despite().exclude(by=user).exclude(session__counsellor=user)
    rows = rows.annotate(day=TruncDate("at"))
    return rows.filter(asked, ~Exists(seen.filter(by=user))).order_by("at", "id")
