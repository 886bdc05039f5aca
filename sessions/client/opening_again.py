"""A page that five wrong birth dates closed: who holds the session opens it again."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.errors import Refused
from clinic.kernel.action import action, record
from clinic.kernel.links.models import Link
from clinic.kernel.tasks.actions import finish_task
from clinic.kernel.tasks.models import Task
from clinic.people.birth_proof import forget_tries, is_locked
from sessions.access import ask_for_session
from sessions.client.links import subject_of
from sessions.models import CounsellingSession

LOCKED = "appointment_locked"  # the kind of the to-do that the last wrong birth date leaves


def locked_pages(session: CounsellingSession, now: datetime) -> list[Link]:
    """Return the links of this session's clients that wrong birth dates closed; one query."""
    return [link for link in _links_of(session) if _is_closed(link, now)]


@action("session.open_page", says=gettext_lazy("opened the client's page again"))
def open_page(*, session: CounsellingSession, by, now: datetime) -> CounsellingSession:
    """Let the birth date be tried again, after the client was spoken with. The link stays.

    The to-do that asked for it is done with it.
    """
    ask_for_session(session, by)
    locked = [link for link in _links_of(session).select_for_update() if _is_closed(link, now)]
    if not locked:
        raise Refused("sessions.page_open", _("The client's page is open already."))
    for link in locked:
        forget_tries(link)
        for task in Task.objects.open_for(by).filter(kind=LOCKED, key__startswith=f"{link.pk}:"):
            finish_task(task=task, by=by, now=now)
    record(session)
    record(session.case)
    return session


def _is_closed(link: Link, now: datetime) -> bool:
    return is_locked(link) and link.state(now) == "live"


def _links_of(session: CounsellingSession) -> QuerySet[Link]:
    subjects = [subject_of(session, person) for person in session.people]
    links = Link.objects.filter(purpose=Link.Purpose.APPOINTMENT, subject__in=subjects)
    return links.order_by("pk")
