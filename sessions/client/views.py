"""The page of an appointment, behind the link of its mails. GET shows, and changes nothing.

It says no more than the mail did, to whoever holds the mail; what a neutral mail left out comes with
the birth date, and so does the link to the call, shortly before the start. No staff session is
looked at here.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import FormView

from clinic.kernel import access
from clinic.kernel.links import cookie
from clinic.kernel.links.models import Link
from clinic.people.birth_proof import HOLDER, is_locked, prove_birth_date
from sessions.client.forms import BirthDateForm
from sessions.client.links import appointment_of
from sessions.client.opening_again import LOCKED
from sessions.client.showing import shown


class AppointmentPage(FormView):
    """When, how long, by which way, how to prepare; the call's link while it is open."""

    policy = access.LINK
    http_method_names = ["get", "head", "post", "options"]
    template_name = "sessions/client/appointment.html"
    form_class = BirthDateForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.now, number = timezone.now(), kwargs["appointment"]
        self.link = cookie.held(request, Link.Purpose.APPOINTMENT, self.now, pk=number)
        self.meeting = appointment_of(self.link) if self.link else None
        if self.meeting is None:
            state = "replaced" if self.link else "closed"
            return render(request, "sessions/client/ended.html", {"state": state}, status=410)
        translation.activate(self.meeting.person.letter_language)  # until the request ends
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: BirthDateForm) -> HttpResponse:
        here = redirect("appointment", appointment=self.link.pk)
        if self._is_she(form):
            return cookie.give(here, self.link, proven=True)
        self.link.refresh_from_db()
        form.add_error("birth_date", _("This does not match what the clinic has on file."))
        return self.form_invalid(form)

    def _is_she(self, form: BirthDateForm) -> bool:
        return prove_birth_date(
            link=self.link,
            person=self.meeting.person,
            task=LOCKED,
            owner=self.meeting.session.counsellor,
            born=form.cleaned_data["birth_date"],
            by=HOLDER,
            now=self.now,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proven = cookie.is_proven(self.request, self.link)
        locked = is_locked(self.link)
        found = shown(self.meeting, self.now, proven=proven, locked=locked)
        return super().get_context_data(**found, **kwargs)
