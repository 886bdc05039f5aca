"""The page of a session: what it still needs, when, where, with whom."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.clients.views import HistoryOfClients
from clinic.kernel.audit.history import entries_about
from clinic.kernel.audit.models import AuditQuerySet
from clinic.kernel.dates import meeting
from clinic.kernel.pages import DetailPage, DoPage
from clinic.kernel.panels import panels_for
from clinic.people.models import Person
from clinic.people.safe_contact import safe_contact_words
from sessions import mail_states
from sessions.access import may_cancel, overseers
from sessions.booking.actions import may_be_restored
from sessions.client.opening_again import locked_pages, open_page
from sessions.corrected import is_untold, told_by_person
from sessions.gate import gate_of
from sessions.models import CounsellingSession, StartAttempt
from sessions.notes.waiting import uncosigned
from sessions.places import Where, places_of
from sessions.scope import OfSession


def attempts_of(session: CounsellingSession) -> QuerySet[StartAttempt]:
    """Return every press of start with what was found, and who has seen it."""
    return session.attempts.select_related("by").prefetch_related("findings", "seen__by")


def allowed(session: CounsellingSession, user: Any, now: datetime) -> dict[str, bool]:
    """Return what the reader may do although the session may not be hers."""
    may = may_cancel(session, user)
    return {
        "overseer": user.pk in overseers(session),
        "may_cancel": may,
        "may_restore": may and may_be_restored(session, now),
    }


def in_her_way(session: CounsellingSession, now: datetime) -> dict[str, bool]:
    """Return what keeps the client from coming until somebody speaks with her."""
    return {
        "address_untold": is_untold(session, now),
        "page_locked": bool(locked_pages(session, now)),
    }


class SessionPage(OfSession, DetailPage):
    """One session with its findings, grouped by when they are asked."""

    template_name = "sessions/session.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return super().get_context_data(
            gate=gate_of(self.session, now),
            people=self._people(),
            attempts=attempts_of(self.session),
            mails=mail_states.of(self.session, now),
            panels=panels_for("session", self.session, self.request.user, now),
            **in_her_way(self.session, now),
            **allowed(self.session, self.request.user, now),
            begun=now >= self.session.during.lower,
            uncosigned=uncosigned([self.session]),
            now=now,
            **kwargs,
        )

    def _people(self) -> list[tuple[Person, Where | None, list[str]]]:
        """Each with the place of the day and the rules of safe contact."""
        where = places_of([self.session])[self.session.pk]
        return [(p, where.get(p.pk), safe_contact_words(p)) for p in self.session.people]


class SessionOpenPage(OfSession, DoPage):
    """Open the client's page again, which wrong birth dates closed."""

    def act(self) -> str:
        open_page(session=self.session, by=self.request.user, now=timezone.now())
        messages.success(self.request, _("The page is open again; the link is the same."))
        return self.get_success_url()


class SessionToldAddress(OfSession, DoPage):
    """Note that the client was told where to come, since no mail told her in time."""

    def act(self) -> str:
        address = self.request.POST.get("address", "")
        user = self.request.user
        told_by_person(session=self.session, address=address, by=user, now=timezone.now())
        messages.success(self.request, _("Noted: the client knows where to come."))
        return self.get_success_url()


class SessionHistory(OfSession, HistoryOfClients):
    """What was done with the session, and by whom."""

    title = _("History of the session")

    def entries(self) -> AuditQuerySet:
        return entries_about(self.session)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        named = (self.session.case.code, context["intro"])
        return context | {"intro": "・".join((*named, meeting(self.session.starts_at, kept=True)))}
