"""The page of a start with a reason."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.clients.scope import NotedPage
from clinic.kernel import access
from clinic.kernel.pages import FormPage
from clinic.kernel.roles import CLINICAL
from sessions.access import overseers, seen_by
from sessions.despite.access import started_despite
from sessions.despite.actions import mark_seen, may_answer
from sessions.despite.forms import SeenForm
from sessions.models import CounsellingSession, StartAttempt


class DespitePage(NotedPage, FormPage):
    """A start with a reason, for whoever was told of it: case code, findings, reason, no name.

    Who is in charge of the clinic is told where there is no supervisor, and may not see the case.
    She marks it as seen, with a remark if she likes.
    """

    policy = access.roles(*CLINICAL)
    template_name = "sessions/despite_read.html"
    form_class = SeenForm
    title = _("Started with a reason")
    submit_label = _("Mark as seen")
    saved_message = _("Marked as seen.")

    @cached_property
    def attempt(self) -> StartAttempt:
        rows = started_despite().prefetch_related("findings", "seen__by")
        found = get_object_or_404(rows, pk=self.kwargs["pk"])
        told = {found.by_id, found.session.counsellor_id, *overseers(found.session)}
        if self.request.user.pk not in told:
            raise Http404
        return found

    def subject(self) -> CounsellingSession:
        return self.attempt.session

    def act(self, form: SeenForm) -> Any:
        remark, now = form.cleaned_data["remark"], timezone.now()
        return mark_seen(attempt=self.attempt, remark=remark, by=self.request.user, now=now)

    def get_success_url(self) -> str:
        return reverse("session_despite", args=[self.attempt.pk])

    def cancel_url(self) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, rows = self.request.user, self.attempt.seen.all()
        asked = may_answer(self.attempt, user) and user.pk not in {row.by_id for row in rows}
        seen = seen_by(user).filter(pk=self.attempt.session_id).exists()
        return super().get_context_data(attempt=self.attempt, seen=seen, asked=asked, **kwargs)
