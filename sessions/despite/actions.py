"""What a supervisor says to a session that began although something was missing."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from clinic.kernel.action import action, ask, record
from sessions.access import overseers
from sessions.models import DespiteSeen, StartAttempt

NOT_TOLD = gettext_lazy("Only who oversees the session's psychologist does this.")


@action("session.despite_seen", says=gettext_lazy("saw the start with a reason"))
def mark_seen(*, attempt: StartAttempt, remark: str = "", by, now: datetime) -> DespiteSeen:
    """Keep that ``by`` has read the reason, with what she says to it; pressed twice, the first stays."""
    ask(may_answer(attempt, by), NOT_TOLD)
    seen, new = DespiteSeen.objects.get_or_create(
        attempt=attempt, by=by, defaults={"remark": remark, "at": now}
    )
    said = gettext_lazy("With a remark.") if seen.remark else None
    for subject in (attempt.session, attempt.session.case):
        record(subject, said=said if new else gettext_lazy("She had seen it already."))
    return seen


def may_answer(attempt: StartAttempt, user) -> bool:
    """Whether ``user`` is to see it: she oversees the psychologist, and did not begin it herself."""
    return user.pk != attempt.by_id and user.pk in overseers(attempt.session)
