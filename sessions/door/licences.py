"""Whose licence is shown at the door (A2): the psychologist's; for an intern, her supervisor's."""

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.staff.models import Credential, Oversight, Practitioner
from sessions.models import CounsellingSession
from sessions.planning import kind_of


def of_intern(session: CounsellingSession) -> bool:
    """Whether an intern holds the session: she shows who she is, and the licence that covers her."""
    return kind_of(session.counsellor) in Practitioner.INTERNS


def licence_values(session: CounsellingSession) -> dict[str, str]:
    """Return what an intern's words name: herself, and the supervisor whose licence covers her."""
    if not of_intern(session):
        return {}
    return {
        "practitioner_name": session.counsellor.name,
        "supervisor_name": _covering(session) or _("(no supervisor with a licence in force)"),
    }


def _covering(session: CounsellingSession) -> str:
    """Return the name of the first supervisor with a licence on the day; the gate asks the same."""
    asked = (session.counsellor_id, timezone.localdate(session.during.lower))
    overseers = Oversight.objects.overseers_on([asked])[asked]
    licences = Credential.objects.licences().where_it_holds().on_file_of(overseers)
    rows = licences.filter(practitioner__kind__in=Practitioner.PSYCHOLOGISTS)
    rows = rows.select_related("practitioner__user")
    names = {r.practitioner.user_id: r.practitioner.user.name for r in rows if r.in_force(asked[1])}
    return next((names[user] for user in overseers if user in names), "")
