"""The crisis page of a session: one press, no gate, nothing to fill in."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel import access
from clinic.kernel.audit.actions import note_read
from clinic.kernel.pages import DetailPage
from crisis.sheet.cards import all_abroad, cards, dock
from crisis.sheet.loading import around
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
    """Place, numbers, contacts and steps at once (G5.1, G5.2). Only who sees the case sees it."""

    policy = access.STAFF
    template_name = "crisis/sheet.html"
    response_class = NotedAfterwards

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.known = around(kwargs["pk"], request.user, timezone.now())
        response = super().get(request, *args, **kwargs)
        response.afterwards = partial(
            note_opening,
            session=self.known.session,
            by=request.user,
            now=timezone.now(),
        )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = cards(self.known, timezone.now())
        return super().get_context_data(
            session=self.known.session,
            cards=shown,
            dock=dock(shown),
            abroad=all_abroad(shown),
            guide=guide(values_of(self.known, shown)),
            supervisors=self.known.supervisors,
            **kwargs,
        )
