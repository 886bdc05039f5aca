"""Premises whose address was corrected: who is to come there was told another one.

Derived each minute, since whoever corrects an address knows of no session. Where no mail reaches
her before the start, the psychologist of the session is asked to tell her.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.errors import Refused
from clinic.kernel.action import action, record
from clinic.kernel.actors import System
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import UNDO
from clinic.kernel.tasks.todo import Todo
from clinic.people.models import Person
from sessions import emails
from sessions.access import ask_for_session, seen_by
from sessions.changes import corrections
from sessions.locked import ask_booked, lock
from sessions.models import Channel, CounsellingSession, SessionQuerySet

BY = System("sessions")
MOST = 50


@action("session.address", says=gettext_lazy("wrote of the clinic's corrected address"))
def tell_of_address(*, session: CounsellingSession, by, now: datetime) -> CounsellingSession:
    """Write to everyone who takes part, as of any other change. Refused where it changed since."""
    row = lock(session, session.version)
    ask_booked(row)
    row.version += 1
    row.save(update_fields=["version"])
    record(row)
    emails.send(emails.CHANGE, row, now)
    return row


@action("session.told_address", says=gettext_lazy("told the client of the clinic's address"))
def told_by_person(
    *, session: CounsellingSession, address: str, by, now: datetime
) -> CounsellingSession:
    """Note that a person told the client where to come; the to-do is done with it.

    :param address: the one that was told. Refused where it is another one meanwhile.
    """
    ask_for_session(session, by)
    row = lock(session)
    ask_booked(row)
    if row.room.premises.full_address != address:
        raise Refused(
            "sessions.address_changed",
            _("The address was changed in the meantime."),
            _("Please look at it again."),
        )
    record(row)
    record(row.case)
    return row


def tell_of_addresses(now: datetime) -> None:
    """Write of each session to come in person that nobody was written to of since the correction."""
    rows = CounsellingSession.objects.to_come(now).filter(during__startswith__gt=now)
    found = _told_another(rows)
    news = _news([session for session, _at in found])
    for session, at in found:
        people = [news.get(_key(session, person)) for person in session.people if person.email]
        if any(row is None or row.created_at <= at for row in people):
            with suppress(Refused):  # another beat was faster, or it was cancelled this moment
                tell_of_address(session=session, by=BY, now=now)


def _told_another(rows: SessionQuerySet) -> list[tuple[CounsellingSession, datetime]]:
    """Return those of ``rows`` of which another address was told than is right since when.

    Booked before it was corrected, and neither changed since nor told of it by a person.
    """
    at = dict(corrections().order_by("seq").values_list("subject_id", "at"))
    if not at:
        return []
    there = rows.filter(channel=Channel.IN_PERSON, room__premises__in=at)
    there = there.filter(booked_at__lt=max(at.values())).with_people().in_order()
    found = [(session, at[session.room.premises_id]) for session in there]
    found = [(s, since) for s, since in found if s.booked_at < since and not s.is_stranded]
    told = _told_at([session for session, _at in found])
    return [(s, since) for s, since in found if told.get(s.pk, s.booked_at) < since]


def _told_at(sessions: Sequence[CounsellingSession]) -> dict[int, datetime]:
    """Return when each was last told of: by a person, or given another time or way. One query.

    Another room alone is no news: it tells nobody where the clinic is.
    """
    moved = Q(verb="session.move", details__changes__has_any_keys=["during", "channel"])
    rows = AuditEntry.objects.filter(
        moved | Q(verb=told_by_person.verb),
        subject_label=CounsellingSession._meta.label_lower,
        subject_id__in=[session.pk for session in sessions],
    )
    return dict(rows.order_by("seq").values_list("subject_id", "at"))


def _news(sessions: Sequence[CounsellingSession]) -> dict[tuple[str, str], Outbox]:
    """Return the last news of each session that was written to each person. One query."""
    rows = Outbox.objects.filter(
        occasion__in=[emails.occasion(session) for session in sessions], kind__in=emails.NEWS
    )
    return {(row.occasion, row.recipient): row for row in rows.order_by("pk")}


def _key(session: CounsellingSession, person: Person) -> tuple[str, str]:
    return emails.occasion(session), person.actor_label


def at_a_corrected_address(user: Any, now: datetime) -> Iterator[Todo]:
    """Sessions of ``user`` whose clients come to the clinic, were told another address, and are
    told of it by no mail before the start; the next first."""
    rows = seen_by(user).to_come(now).filter(counsellor=user)
    for session in _untold(rows, now)[:MOST]:
        words = {"case": session.case.code, "day": session.starts_at.date().isoformat()}
        yield Todo(
            "stop",
            "calendar",
            _("The clinic's address was corrected: session on %(day)s in %(case)s") % words,
            _(
                "No mail reaches the client in time. "
                "Tell her in the safe way where to come: %(address)s"
            )
            % {"address": session.room.premises.full_address},
            reverse("session", args=[session.pk]),
            _("Open the session"),
        )


def is_untold(session: CounsellingSession, now: datetime) -> bool:
    """Whether a person is to tell its client of the address; no query where she comes to none."""
    if session.is_tele:
        return False
    return bool(_untold(CounsellingSession.objects.filter(pk=session.pk).to_come(now), now))


def _untold(rows: SessionQuerySet, now: datetime) -> list[CounsellingSession]:
    """Return those of ``rows`` with somebody whom no mail tells in time of the address."""
    found = _told_another(rows)
    news = _news([session for session, _at in found])
    return [
        session
        for session, at in found
        if not all(
            _reached(p, session, news.get(_key(session, p)), at, now) for p in session.people
        )
    ]


def _reached(
    person: Person, session: CounsellingSession, news: Outbox | None, at: datetime, now: datetime
) -> bool:
    """Whether a mail written after the correction ``at`` left, or can leave before the start."""
    leaves = now + UNDO  # the next beat writes it
    if news and news.created_at > at:
        if news.finished_at:
            return news.state == Outbox.State.SENT
        leaves = max(now, news.not_before)
    return bool(person.email) and person.may_be_mailed and leaves < session.during.lower
