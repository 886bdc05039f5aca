"""The note of a session: written, kept as it is typed, signed, amended."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from clinic.errors import Refused
from clinic.kernel import kept_forms
from clinic.kernel.pages import DetailPage, DoPage, FormPage
from sessions.access import no_licence
from sessions.events import log
from sessions.models import Note
from sessions.notes import actions
from sessions.notes.forms import AmendmentForm, NoteForm
from sessions.notes.sections import MOST, SECTIONS, read, write
from sessions.notes.senders import has_seen_all, sender_of
from sessions.scope import OfSession


class OfNote(OfSession):
    """A page of the session's note, which may not be begun yet."""

    @cached_property
    def note(self) -> Note | None:
        return actions.note_of(self.session)

    def begun(self) -> Note:
        """Return the note; where none is begun, the address leads nowhere."""
        if self.note is None:
            raise Http404
        return self.note

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        values = actions.content(self.note)
        parts = [(s, values.get(s.key, "")) for s in SECTIONS]
        return super().get_context_data(note=self.note, parts=parts, most=MOST, **kwargs)


class NotePage(OfNote, FormPage):
    """Writing and signing. A signed note is shown to be read."""

    title = gettext_lazy("Session note")
    submit_label = gettext_lazy("Sign")
    form_class = NoteForm
    template_name = "sessions/note.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (self.note and self.note.is_signed) or not self.own:
            return NoteRead.as_view()(request, *args, **kwargs)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"keeping": "keep" in self.request.POST}

    def get_initial(self) -> dict[str, Any]:
        revision = self.note.revision if self.note else 0
        return actions.content(self.note) | {"revision": revision}

    def act(self, form: NoteForm) -> Any:
        verb = actions.save_draft if "keep" in self.request.POST else actions.sign
        return verb(
            session=self.session,
            values=form.values,
            revision=form.cleaned_data["revision"],
            sender=sender_of(self.request.POST),
            by=self.request.user,
            now=timezone.now(),
        )

    def form_invalid(self, form: NoteForm) -> HttpResponse:
        """Go on from the note as it is, where it holds nothing but what this window sent itself."""
        sender, revision = sender_of(self.request.POST), form.cleaned_data.get("revision")
        if self.note and revision is not None and has_seen_all(self.note, revision, sender):
            form.data = form.data.copy()
            form.data["revision"] = str(self.note.revision)
        return super().form_invalid(form)

    def get_success_url(self) -> str:
        kept = "keep" in self.request.POST
        return reverse("session_note", args=[self.session.pk]) if kept else self.back_to_session()

    def back_to_session(self) -> str:
        return reverse("session", args=[self.session.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(log=log(self.session), **kwargs)


class NoteRead(OfNote, DetailPage):
    """A note to be read: signed, or another's draft."""

    template_name = "sessions/note_read.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        hers = actions.may_cosign(self.note, user)
        return super().get_context_data(
            log=log(self.session),
            may_cosign=hers,
            unlicensed=no_licence(user, timezone.localdate()) if hers else None,
            shown=self.own or bool(self.note and self.note.is_signed),
            **kwargs,
        )


class NoteDraft(OfSession, View):
    """Keeps what is being typed. Answers the script of the page, with the words of the note only
    where those of another window were put together with these.

    The page that is typed in stays open for hours: each draft holds the login, even one refused.
    """

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.hold()
        form = NoteForm(request.POST, keeping=True)
        if not form.is_valid():
            problem = " ".join(form.problems) or _("This could not be kept.")
            return JsonResponse({"problem": problem}, status=400)
        try:
            note = self.keep(form)
        except Refused as refused:
            # 409 tells the script to stop: what is too long may become shorter.
            status = 400 if refused.code == "notes.long" else 409
            return JsonResponse({"problem": str(refused)}, status=status)
        return JsonResponse({"revision": note.revision} | self.told(note, form))

    def told(self, note: Note, form: NoteForm) -> dict[str, Any]:
        """What the page says, and shows where the note holds more than was typed in it."""
        at = date_format(timezone.localtime(note.saved_at), "H:i:s")
        kept = actions.content(note)
        if kept == read(write(form.values)):
            return {"saved": _("Kept at %s") % at}
        said = _("Another window wrote in this note too. Both texts are kept; please read them.")
        return {"saved": said, "note": {s.key: kept.get(s.key, "") for s in SECTIONS}}

    def keep(self, form: NoteForm) -> Note:
        """Save the draft. May raise Refused. What a time-out had kept of it waits no longer."""
        note = actions.save_draft(
            session=self.session,
            values=form.values,
            revision=form.cleaned_data["revision"],
            sender=sender_of(self.request.POST),
            by=self.request.user,
            now=timezone.now(),
        )
        if "restored" in self.request.POST:
            kept_forms.discard(self.request, reverse("session_note", args=[self.session.pk]))
        return note


class NoteAmend(OfNote, FormPage):
    """An amendment beside a signed note."""

    title = gettext_lazy("Amend the note")
    submit_label = gettext_lazy("Add")
    saved_message = gettext_lazy("The amendment stands beside the note.")
    form_class = AmendmentForm

    def act(self, form: AmendmentForm) -> Any:
        return actions.amend(
            note=self.begun(),
            text=form.cleaned_data["text"],
            by=self.request.user,
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        return reverse("session_note", args=[self.session.pk])


class NoteCosign(OfNote, DoPage):
    """The supervisor's signature under an intern's note."""

    def act(self) -> str:
        actions.cosign(note=self.begun(), by=self.request.user, now=timezone.now())
        return reverse("session_note", args=[self.session.pk])
