"""The link that a person's mails about one session carry: the same in each, until two hours after it.

What it stands for names the session, the person and a part of the blind index of the address that
it was mailed to: with a corrected address the old link opens nothing any more.
"""

from datetime import datetime

from clinic.kernel.actors import System
from clinic.kernel.links.actions import issue_link
from clinic.kernel.links.models import Link
from clinic.people.models import Person
from sessions.appointments import PAGE_LASTS, Appointment, appointment, taking_part
from sessions.models import CounsellingSession

BY = System("sessions")


def subject_of(session: CounsellingSession, person: Person) -> str:
    """Return what the link stands for."""
    return f"{session.pk}:{person.pk}:{person.email_index[:16]}"


def link_for(meeting: Appointment, now: datetime) -> Link:
    """Return the link to one person's appointment, made or prolonged to where the time is now."""
    return issue_link(
        purpose=Link.Purpose.APPOINTMENT,
        subject=subject_of(meeting.session, meeting.person),
        lasts=meeting.end + PAGE_LASTS - now,
        by=BY,
        now=now,
    )


def appointment_of(link: Link) -> Appointment | None:
    """Return what a link opens; None where she left the case or has another address now."""
    number, person, _address = link.subject.split(":")
    found = taking_part(int(number), int(person))
    if found is None or subject_of(*found) != link.subject:
        return None
    return appointment(*found)
