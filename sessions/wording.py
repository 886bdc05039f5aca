"""What both agreed on for a broken line, in the reader's words (A5, A6)."""

from django.utils.translation import gettext as _

from clinic.organisation.models import Clinic
from sessions.models import CounsellingSession

GIVE_UP_MINUTES = 15


def disconnect_values(session: CounsellingSession) -> dict[str, str]:
    """Return what the words of the plan name: numbers of the first participant and the clinic."""
    person = session.people[0]
    clinic = Clinic.the_one() or Clinic()
    return {
        "callback_phone": person.phone or _("(no number on file)"),
        "reconnect_minutes": str(clinic.reconnect_minutes),
        "clinic_phone": clinic.phone,
        "member_list": "、".join(p.name for p in session.people),
    }


def disconnect_steps(session: CounsellingSession, *, call: bool = True) -> list[str]:
    """Return the plan as short steps, to be read at a glance while the line is broken.

    ``call`` is False where it was agreed at the opening check that nobody rings today.
    """
    values = disconnect_values(session)
    ring = _("No line within %(minutes)s minutes: call %(phone)s.")
    wait = _("Agreed today: no calls. Wait at the same link.")
    return [
        _("Join the same call again; the client does too."),
        ring % {"minutes": values["reconnect_minutes"], "phone": values["callback_phone"]}
        if call
        else wait,
        _("Not reached for %(minutes)s minutes: stop here, and set a new time the same day.")
        % {"minutes": GIVE_UP_MINUTES},
        _("Danger before the break: do not wait. Open the crisis page."),
    ]


def booked_words(session: CounsellingSession) -> str:
    """Say that it was booked, and how the client comes to know."""
    if _kept_from_mail(session):
        return _("Booked. No mail goes to this client: please use the safe way.")
    if _written_to(session):
        return _("Booked. The client is told in three minutes.")
    return _("Booked. No mail address is on file: please tell the client by telephone.")


def changed_words(before: CounsellingSession, after: CounsellingSession) -> str:
    """Say that it was changed; what she is not told of is no news to her."""
    if before.as_told == after.as_told:
        return _("Changed.")
    if _kept_from_mail(after):
        return _("Changed. No mail goes to this client: please use the safe way.")
    if _written_to(after):
        return _("Changed. The client is told in three minutes.")
    return _("Changed. No mail address is on file: please tell the client by telephone.")


def _written_to(session: CounsellingSession) -> bool:
    return all(person.email for person in session.people)


def _kept_from_mail(session: CounsellingSession) -> bool:
    """Whether somebody who takes part asked for no mail (safe contact)."""
    return any(not person.may_be_mailed for person in session.people)
