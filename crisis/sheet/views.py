"""The pages of crisis mode: one press, no gate, nothing to fill in."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.cases.models import Case
from clinic.kernel import access
from clinic.kernel.audit.actions import note_read
from clinic.kernel.pages import DetailPage
from crisis.sheet.cards import all_abroad, all_here, cards, dock
from crisis.sheet.choosing import ClientSearch, clients_in_question
from crisis.sheet.loading import Around, around_client, around_nobody, around_session
from crisis.sheet.steps import guide
from crisis.sheet.values import values_of
from sessions.course.actions import add_event
from sessions.models import CounsellingSession, SessionEvent

log = logging.getLogger(__name__)


def note_opening(*, session: CounsellingSession, by, now: datetime) -> None:
    """Note that the page was opened; while her session runs, among its events as well."""
    note_read(subject=session, by=by, now=now, why=_("Crisis page"))
    if session.state == CounsellingSession.State.STARTED and session.counsellor_id == by.pk:
        add_event(session=session, kind=SessionEvent.Kind.CRISIS_OPENED, by=by, now=now)


class NotedAfterwards(TemplateResponse):
    """A page that is noted as read after it was sent.

    The note waits for the head of the audit chain: before the page it could hold it up, and a
    database that refuses it would break the page. Afterwards it can do neither.
    """

    afterwards: Callable[[], Any] | None = None

    def close(self) -> None:
        note, self.afterwards = self.afterwards, None
        if note:
            try:
                note()
            except Exception:
                log.exception("Opening the crisis page was not noted.")
        super().close()


class CrisisPage(DetailPage):
    """Place, numbers, contacts and steps at once (G5.1, G5.2). Only who sees the file sees it."""

    policy = access.STAFF
    template_name = "crisis/sheet.html"
    response_class = NotedAfterwards

    def load(self) -> Around:
        """Load what the page is about. May raise Http404."""
        raise NotImplementedError

    def back(self) -> tuple[str, str]:
        """Return the address and the words of the way back."""
        raise NotImplementedError

    def note(self) -> Callable[[], Any] | None:
        """Return what is done when the page was sent."""
        return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.now = timezone.now()
        self.known = self.load()
        response = super().get(request, *args, **kwargs)
        response.afterwards = self.note()
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = cards(self.known, self.now)
        back_url, back_label = self.back()
        return super().get_context_data(
            cards=shown,
            dock=dock(shown),
            abroad=all_abroad(shown),
            guide=guide(values_of(self.known, shown), here=all_here(shown)),
            supervisors=self.known.supervisors,
            back_url=back_url,
            back_label=back_label,
            **kwargs,
        )


class SessionCrisis(CrisisPage):
    """Of all who take part in a session."""

    def load(self) -> Around:
        return around_session(self.kwargs["pk"], self.request.user, self.now)

    def back(self) -> tuple[str, str]:
        session = self.known.subject
        running = session.state == CounsellingSession.State.STARTED
        name = "session_live" if running else "session"
        return reverse(name, args=[session.pk]), _("Back to the session")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = Case(pk=self.known.subject.case_id).code  # nothing more is asked
        return super().get_context_data(code=code, **kwargs)

    def note(self) -> Callable[[], Any]:
        by = self.request.user
        return partial(note_opening, session=self.known.subject, by=by, now=self.now)


class ClientCrisis(CrisisPage):
    """Of one client, who may call at any hour."""

    def load(self) -> Around:
        return around_client(self.kwargs["pk"], self.request.user, self.now)

    def back(self) -> tuple[str, str]:
        return reverse("client", args=[self.known.subject.pk]), _("Back to the client")

    def note(self) -> Callable[[], Any]:
        reader = {"by": self.request.user, "now": self.now}
        return partial(note_read, subject=self.known.subject, why=_("Crisis page"), **reader)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(outside=True, **kwargs)


class CrisisStart(CrisisPage):
    """Whom it is about; beside it what holds for everybody, a caller who is not known as well."""

    template_name = "crisis/start.html"

    def load(self) -> Around:
        return around_nobody(self.request.user, self.now)

    def back(self) -> tuple[str, str]:
        return reverse("today"), _("Back to Today")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ClientSearch(self.request.GET)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        clients = clients_in_question(self.request.user, text, self.now)
        return super().get_context_data(form=form, clients=clients, searched=text, **kwargs)
