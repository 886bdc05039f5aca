"""Starting, the live page, ending."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.accounts.middleware import hold_session, release_session
from clinic.kernel import kept_forms
from clinic.kernel.glyphs import printable_lines
from clinic.kernel.pages import DetailPage, DoPage, FormPage
from clinic.people.safe_contact import safe_contact_words
from sessions.access import still_running, told_of_despite
from sessions.course import actions
from sessions.course.live import ICONS, at_hand
from sessions.door.forms import DoorForm
from sessions.door.points import asked_in
from sessions.gate import gate_of
from sessions.models import CounsellingSession, DoorCheck, SessionEvent
from sessions.notes.actions import content
from sessions.notes.sections import MOST, SECTIONS
from sessions.places import places_of
from sessions.scope import OfSession

State = CounsellingSession.State


class VersionForm(forms.Form):
    """Which version of the session the button belonged to."""

    version = forms.IntegerField()


class SessionStart(OfSession, DoPage):
    """The start button. A refused start leads back to the findings."""

    def act(self) -> str:
        form = VersionForm(self.request.POST)
        version = form.cleaned_data["version"] if form.is_valid() else 0
        outcome = actions.start(
            session=self.session, version=version, by=self.request.user, now=timezone.now()
        )
        if not outcome.started:
            messages.error(self.request, _("Not started. What is missing stands below."))
            return self.get_success_url()
        hold_session(self.request, until=self.session.during.upper)
        return reverse("session_live", args=[self.session.pk])


class DespiteForm(forms.Form):
    """Why a session begins although something is missing."""

    reason = forms.CharField(
        label=gettext_lazy("Why it has to begin all the same"),
        max_length=500,
        validators=[printable_lines],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The supervisor is told, and the psychologist where another starts; it stands in the file."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class SessionStartDespite(OfSession, FormPage):
    """Starting with a written reason."""

    title = gettext_lazy("Start despite what is missing")
    submit_label = gettext_lazy("Start")
    form_class = DespiteForm
    template_name = "sessions/despite.html"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.session.version}

    def act(self, form: DespiteForm) -> Any:
        outcome = actions.start_despite(
            session=self.session, **form.cleaned_data, by=self.request.user, now=timezone.now()
        )
        if self.own:
            hold_session(self.request, until=self.session.during.upper)
        return outcome

    def get_success_url(self) -> str:
        begun = getattr(self, "done", None) and self.own
        return reverse("session_live", args=[self.session.pk]) if begun else self.back_to_page()

    def back_to_page(self) -> str:
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gate = gate_of(self.session, timezone.now())
        told = told_of_despite(self.session, self.request.user)
        return super().get_context_data(gate=gate, nobody_told=not told, **kwargs)


class SessionLive(OfSession, DetailPage):
    """The session in progress: clock, place, one-tap events, what to do when the line breaks."""

    template_name = "sessions/live.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.session.state != State.STARTED:
            return redirect(self.get_success_url())
        self.hold()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        where = places_of([self.session])[self.session.pk]
        note = getattr(self.session, "note", None)
        return super().get_context_data(
            **at_hand(self.session, timezone.now()),
            people=[(p, where.get(p.pk), safe_contact_words(p)) for p in self.session.people],
            note=note,
            parts=[(s, content(note).get(s.key, "")) for s in SECTIONS],
            most=MOST,
            writer=kept_forms.mark(self.request.user),
            **kwargs,
        )


class KindForm(forms.Form):
    """What was tapped; what the software notes by itself is no button."""

    kind = forms.ChoiceField(choices=[(kind, kind.label) for kind in ICONS])


class SessionEventAdd(OfSession, DoPage):
    """One tap: an event with its time. The page opens at the button again."""

    def act(self) -> str:
        self.hold()
        form = KindForm(self.request.POST)
        if form.is_valid():
            kind, now = form.cleaned_data["kind"], timezone.now()
            actions.add_event(session=self.session, kind=kind, by=self.request.user, now=now)
            said = _("Recorded: %s.") % SessionEvent.Kind(kind).label
            messages.success(self.request, said)
            return f"{self.back()}#tap-{kind}"
        return self.back()

    def back(self) -> str:
        return reverse("session_live", args=[self.session.pk])


class SessionEventBack(SessionEventAdd):
    """Take a tap back."""

    def act(self) -> str:
        self.hold()
        event = get_object_or_404(self.session.events, pk=self.kwargs["event"])
        actions.take_back(event=event, by=self.request.user, now=timezone.now())
        messages.success(self.request, _("Taken back: %s.") % event.get_kind_display())
        return f"{self.back()}#h-log"


class SessionPlaceNow(OfSession, FormPage):
    """The client is somewhere else than at the door."""

    title = gettext_lazy("Where is the client now?")
    saved_message = gettext_lazy("Recorded; the crisis page shows the numbers of that place.")
    form_class = DoorForm
    template_name = "sessions/place_now.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = [one for one in asked_in(self.session) if one.point == DoorCheck.Point.PLACE]
        own = {"session": self.session, "asked": asked, "known": {}, "placed": set()}
        return super().get_form_kwargs() | own

    def act(self, form: DoorForm) -> Any:
        return actions.tell_place(
            session=self.session,
            elsewhere=form.elsewhere,
            by=self.request.user,
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        return reverse("session_live", args=[self.session.pk])


class SessionEnd(OfSession, DoPage):
    """End the session; the note comes next."""

    def act(self) -> str:
        actions.end(session=self.session, by=self.request.user, now=timezone.now())
        if not still_running(self.request.user):
            release_session(self.request)
        return reverse("session_note", args=[self.session.pk])
