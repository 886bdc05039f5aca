"""How each mail about a session stands, in words, for the session's page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.outbox.models import Outbox
from clinic.people.models import Person
from sessions.emails import ASSESSED_OTHERWISE, TOO_LATE, occasion
from sessions.models import CounsellingSession
from sessions.reminders import REMINDERS

REASONS = {
    "moved on": gettext_lazy("the session was changed in the meantime"),
    "no longer booked": gettext_lazy("the session no longer stands"),
    "case closed": gettext_lazy("the case was closed"),
    "account closed": gettext_lazy("the psychologist no longer sees clients"),
    ASSESSED_OTHERWISE: gettext_lazy(
        "as assessed it cannot take place at a distance; please tell the client"
    ),
    "nobody was told": gettext_lazy("the client had not been told of the session"),
    TOO_LATE: gettext_lazy("please tell the client by telephone if need be"),
    "not taking part": gettext_lazy("the client no longer takes part"),
    "safe contact": gettext_lazy("she asked for no mail; please use the safe way"),
    "no safe hour": gettext_lazy("there is no hour at which it is safe to write"),
    "no address": gettext_lazy("no mail address on file"),
    "send window": gettext_lazy("it waits for the hours in which the client may be written to"),
}
# Said instead where a client expects no call.
WITHOUT_CALL = {TOO_LATE: gettext_lazy("please use the safe way if need be")}


@dataclass(frozen=True)
class MailState:
    """One mail: what it is, to whom, how it stands (colour and words), since or until when, why."""

    kind: str
    person: str
    state: str
    words: str
    at: datetime | None
    reason: str


def of(session: CounsellingSession, now: datetime | None = None) -> list[MailState]:
    """Return the mails to the clients of a session, the newest first.

    One query for a ``session`` that brings its people (``with_people()``).
    """
    now = now or timezone.now()
    people = {person.actor_label: person for person in session.people}
    mails = Outbox.objects.about(occasion(session)).filter(recipient__in=people)
    found = [_state(session, mail, people[mail.recipient], now) for mail in mails]
    return [_untold(person) for person in people.values() if not person.email] + found


def _state(session: CounsellingSession, mail: Outbox, person: Person, now: datetime) -> MailState:
    tone, words = mail.status(now)
    reasons = REASONS if person.may_be_called else REASONS | WITHOUT_CALL
    reason = reasons.get(mail.reason, "") if mail.reason else ""
    if mail.reason == TOO_LATE:
        tone, words = "fix", _("did not leave in time")
    elif mail.reason == ASSESSED_OTHERWISE:
        tone, words = "fix", _("not sent")
    elif _will_be_late(session, mail):
        tone, words, reason = "fix", _("will not leave in time"), reasons[TOO_LATE]
    at = mail.finished_at or mail.not_before
    return MailState(mail.kind_words, person.name, tone, str(words), at, str(reason))


def _will_be_late(session: CounsellingSession, mail: Outbox) -> bool:
    """Whether the window of the day opens only when the mail makes no sense any more.

    A cancellation leaves until the planned end, but who reads it at the start has come already.
    """
    latest = session.during.lower
    if reminder := REMINDERS.get(mail.kind):
        latest -= reminder.latest
    return mail.state == Outbox.State.WAITING and mail.not_before >= latest


def _untold(person: Person) -> MailState:
    words, reason = _("no mail address on file"), _("Please use the safe way.")
    if person.may_be_called:
        reason = _("Please tell the client by telephone.")
    return MailState("–", person.name, "fix", words, None, reason)
