"""In the reader's words: what both agreed on for a broken line (A5, A6), how a client is told."""

from datetime import datetime

from django.utils.translation import gettext as _

from clinic.kernel.dates import meeting
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import UNDO
from clinic.organisation.models import Clinic
from sessions.emails import NEWS, leaves_at, occasion
from sessions.models import Channel, CounsellingSession
from sessions.reminders import REMINDERS

GIVE_UP_MINUTES = 15


def disconnect_values(session: CounsellingSession) -> dict[str, str]:
    """Return what the words of the plan name: numbers of the first participant and the clinic."""
    person = session.people[0]
    clinic = Clinic.the_one() or Clinic()
    return {
        "callback_phone": person.phone or _("(no number on file)"),
        "reconnect_minutes": str(clinic.reconnect_minutes),
        "give_up_minutes": str(GIVE_UP_MINUTES),
        "clinic_phone": clinic.phone,
        "member_list": _(", ").join(p.name for p in session.people),
    }


def disconnect_steps(session: CounsellingSession, *, call: bool = True) -> list[str]:
    """Return the plan as short steps, to be read at a glance while the line is broken.

    What the opening check of this way says. ``call`` is False where it was agreed there that nobody
    rings today: then nobody writes either, whatever reaches her may be seen by whom she fears.
    """
    if not call:
        return _steps_in_silence(session)
    return [
        *_steps_to_reach(session),
        _("Not reached for %(minutes)s minutes: stop here, and set a new time the same day.")
        % {"minutes": GIVE_UP_MINUTES},
        _("Danger before the break: do not wait. Open the crisis page."),
    ]


def _steps_to_reach(session: CounsellingSession) -> list[str]:
    """By telephone there is nothing to join: the psychologist calls again."""
    values = disconnect_values(session)
    named = {"minutes": values["reconnect_minutes"], "phone": values["callback_phone"]}
    if session.channel == Channel.TELEPHONE:
        return [_("Call %(phone)s again within %(minutes)s minutes.") % named]
    return [
        _("Join the same call again; the client does too."),
        _("No line within %(minutes)s minutes: call %(phone)s.") % named,
    ]


def _steps_in_silence(session: CounsellingSession) -> list[str]:
    """By telephone there is nothing to join: it is the client who may call."""
    named = {"minutes": GIVE_UP_MINUTES}
    wait = _(
        "Join the same call again and wait there for %(minutes)s minutes; the client does too."
    )
    if session.channel == Channel.TELEPHONE:
        wait = _("Do not call again. Wait for %(minutes)s minutes: the client may call.")
    return [
        wait % named,
        _("Agreed today: no calls. Send no mail and no message either."),
        _("Not back after %(minutes)s minutes: stop here. The client contacts us when it is safe.")
        % named,
        _("Life in danger: emergency services are asked all the same. Open the crisis page."),
    ]


def booked_words(session: CounsellingSession, now: datetime) -> str:
    """Say that it was booked, and how the client comes to know."""
    return _joined(_("Booked."), _news_words(session, now))


def changed_words(before: CounsellingSession, after: CounsellingSession, now: datetime) -> str:
    """Say that it was changed; what she is not told of is no news to her."""
    if before.as_told == after.as_told:
        return _("Changed.")
    return _joined(_("Changed."), _news_words(after, now))


def cancelled_words(session: CounsellingSession, now: datetime) -> str:
    """Say that it was cancelled, and how the client comes to know."""
    return _joined(_("Cancelled."), _cancellation_words(session, now))


def cancelling_words(session: CounsellingSession, now: datetime) -> str:
    """Say which session it is and what cancelling does, before it is done."""
    freed = _("%(when)s: time and room become free.") % {"when": meeting(session.starts_at)}
    return _joined(freed, _cancellation_words(session, now))


def _joined(done: str, told: str) -> str:
    """Set two sentences side by side; Chinese sets no space between them."""
    return _("%(done)s %(told)s") % {"done": done, "told": told} if told else done


def _cancellation_words(session: CounsellingSession, now: datetime) -> str:
    """No mail goes to who was never written to of it; what is over is no news."""
    if now >= session.during.upper:
        return ""
    mails = Outbox.objects.about(occasion(session)).filter(kind__in=(*NEWS, *REMINDERS))
    if _may_be_written_to(session) and not mails.that_may_have_arrived().exists():
        return _("No mail had told the client of it yet, so none is sent.")
    return _news_words(session, now)


def _news_words(session: CounsellingSession, now: datetime) -> str:
    """Say how she comes to know, and when: at its start at the latest a mail is of no use."""
    if any(not person.may_be_mailed for person in session.people):
        return _("No mail goes to this client: please use the safe way.")
    expected = all(person.may_be_called for person in session.people)
    if not _may_be_written_to(session):
        return _without_address_words(expected)
    times = [leaves_at(person, now) for person in session.people]
    if any(time is None or time >= session.during.lower for time in times):
        return _too_late_words(expected)
    if max(times) <= now + UNDO:
        return _("The client is told in three minutes.")
    return _("The mail to the client leaves on %(at)s.") % {"at": meeting(max(times))}


def _without_address_words(call: bool) -> str:
    if call:
        return _("No mail address is on file: please tell the client by telephone.")
    return _("No mail address is on file: please use the safe way.")


def _too_late_words(call: bool) -> str:
    if call:
        return _("No mail would leave in time: please tell the client by telephone.")
    return _("No mail would leave in time: please use the safe way.")


def _may_be_written_to(session: CounsellingSession) -> bool:
    return all(person.email and person.may_be_mailed for person in session.people)
