"""The page of a session: what it still needs, when, where, with whom."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.clients.views import HistoryPage
from clinic.kernel import access
from clinic.kernel.audit.actions import note_read
from clinic.kernel.audit.history import entries_about
from clinic.kernel.audit.models import AuditQuerySet
from clinic.kernel.pages import DetailPage
from clinic.kernel.roles import CLINICAL
from sessions import mail_states
from sessions.access import overseers, seen_by, started_despite
from sessions.gate import gate_of
from sessions.places import places_of
from sessions.scope import OfSession


class SessionPage(OfSession, DetailPage):
    """One session with its findings, grouped by when they are asked."""

    template_name = "sessions/session.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        where = places_of([self.session])[self.session.pk]
        return super().get_context_data(
            gate=gate_of(self.session, now),
            people=[(person, where.get(person.pk)) for person in self.session.people],
            attempts=self.session.attempts.select_related("by").prefetch_related("findings"),
            mails=mail_states.of(self.session, now),
            overseer=self.request.user.pk in overseers(self.session),
            begun=now >= self.session.during.lower,
            now=now,
            **kwargs,
        )


class DespitePage(DetailPage):
    """A start with a reason, for whoever was told of it: case code, findings, reason, no name.

    Who is in charge of the clinic is told where there is no supervisor, and may not see the case.
    """

    policy = access.roles(*CLINICAL)
    template_name = "sessions/despite_read.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.attempt = get_object_or_404(started_despite(), pk=kwargs["pk"])
        if request.user.pk not in {self.attempt.by_id, *overseers(self.attempt.session)}:
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, session = self.request.user, self.attempt.session
        note_read(subject=session, by=user, now=timezone.now())
        seen = seen_by(user).filter(pk=session.pk).exists()
        return super().get_context_data(attempt=self.attempt, seen=seen, **kwargs)


class SessionHistory(OfSession, HistoryPage):
    """What was done with the session, and by whom."""

    title = _("History of the session")

    def entries(self) -> AuditQuerySet:
        return entries_about(self.session)
