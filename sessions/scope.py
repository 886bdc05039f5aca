"""The session of an address: what the reader may not see is not there (404)."""

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from clinic.accounts.middleware import hold_session
from clinic.clients.scope import NotedPage
from clinic.kernel import access
from clinic.kernel.roles import CLINICAL
from sessions.models import CounsellingSession


class OfSession(NotedPage):
    """A page of the session named in the address."""

    policy = access.roles(*CLINICAL)

    @cached_property
    def session(self) -> CounsellingSession:
        rows = CounsellingSession.objects.visible_to(self.request.user).with_people()
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def subject(self) -> CounsellingSession:
        return self.session

    @property
    def own(self) -> bool:
        """Whether the reader holds the session."""
        return self.session.counsellor_id == self.request.user.pk

    def hold(self) -> None:
        """Keep the login of who holds the session alive while it runs, from any sign of her on.

        In another browser than the one it was begun in, and longer than planned.
        """
        if self.own and self.session.state == CounsellingSession.State.STARTED:
            hold_session(self.request, until=max(self.session.during.upper, timezone.now()))

    def get_success_url(self) -> str:
        return reverse("session", args=[self.session.pk])

    def back(self) -> str:
        """Where a button leads when it was refused."""
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = gettext(", ").join(person.name for person in self.session.people)
        shown = {
            "session": self.session,
            "own": self.own,
            "back_url": self.get_success_url(),
            "back_label": names,
        }
        return super().get_context_data(**shown | kwargs)
