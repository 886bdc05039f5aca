"""Pages of booking: a new session, another time, cancelling."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.clients.scope import OfCase
from clinic.kernel.pages import DoPage, FormPage
from clinic.kernel.undo import offer_undo
from clinic.organisation.models import Room
from clinic.people.places import Place
from sessions.booking import actions
from sessions.booking.forms import BookForm, CancelForm, MoveForm, TimeForm
from sessions.booking.preview import Preview, preview_booking, preview_move
from sessions.booking.start_values import first_values, places_for, values_of
from sessions.scope import OfSession
from sessions.wording import booked_words, cancelled_words, cancelling_words, changed_words


class Checked(FormPage):
    """A form with a second button that only looks: conflicts and what stops the booking."""

    template_name = "sessions/booking.html"
    preview: Preview | None = None

    @cached_property
    def rooms(self) -> list[Room]:
        return list(Room.in_use())

    def look(self, form: TimeForm) -> Preview:
        """Return what the booking would meet."""
        raise NotImplementedError

    def form_valid(self, form: TimeForm) -> HttpResponse:
        if "look" not in self.request.POST:
            return super().form_valid(form)
        self.preview = self.look(form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(preview=self.preview, **kwargs)


class SessionBook(OfCase, Checked):
    """Book a session of the case."""

    title = _("Book a session")
    submit_label = _("Book")
    form_class = BookForm

    @cached_property
    def places(self) -> list[Place]:
        return places_for(self.case)

    def get_form_kwargs(self) -> dict[str, Any]:
        own = {"case": self.case, "rooms": self.rooms, "places": self.places}
        return super().get_form_kwargs() | own

    def get_initial(self) -> dict[str, Any]:
        return first_values(self.case, self.request.GET)

    def look(self, form: BookForm) -> Preview:
        return preview_booking(self.case, form.values, timezone.now())

    def act(self, form: BookForm) -> Any:
        now = timezone.now()
        session = actions.book(case=self.case, **form.values, by=self.request.user, now=now)
        undo = reverse("session_unbook", args=[session.pk])
        offer_undo(self.request, booked_words(session, now), undo)
        return session

    def get_success_url(self) -> str:
        done = getattr(self, "done", None)
        return reverse("session", args=[done.pk]) if done else super().get_success_url()


class SessionMove(OfSession, Checked):
    """Give a booked session another time, room or way."""

    of_record = True
    title = _("Move or change the session")
    submit_label = _("Save")
    form_class = MoveForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"rooms": self.rooms}

    def get_initial(self) -> dict[str, Any]:
        return values_of(self.session)

    def look(self, form: MoveForm) -> Preview:
        return preview_move(self.session, form.values, timezone.now())

    def act(self, form: MoveForm) -> Any:
        now = timezone.now()
        moved = actions.move(session=self.session, **form.values, by=self.request.user, now=now)
        messages.success(self.request, changed_words(self.session, moved, now))
        return moved


class SessionCancel(OfSession, FormPage):
    """Cancel a booked session."""

    of_record = True
    title = _("Cancel the session")
    submit_label = _("Cancel the session")
    form_class = CancelForm

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.session.version}

    @property
    def intro(self) -> str:
        return cancelling_words(self.session, timezone.now())

    def act(self, form: CancelForm) -> Any:
        now = timezone.now()
        cancelled = actions.cancel(
            session=self.session, **form.cleaned_data, by=self.request.user, now=now
        )
        said = cancelled_words(cancelled, now)
        if now >= cancelled.during.upper:  # what is over does not stand again
            messages.success(self.request, said)
            return cancelled
        undo = reverse("session_restore", args=[cancelled.pk])
        offer_undo(self.request, said, undo)
        return cancelled


class SessionRestore(OfSession, DoPage):
    """The undo of a cancellation, before anybody was told."""

    def act(self) -> str:
        actions.restore(session=self.session, by=self.request.user, now=timezone.now())
        messages.success(self.request, _("The session stands again."))
        return self.get_success_url()


class SessionUnbook(OfSession, DoPage):
    """The undo of a booking, before anybody was told."""

    def act(self) -> str:
        actions.unbook(session=self.session, by=self.request.user, now=timezone.now())
        return reverse("case", args=[self.session.case_id])


class SessionNotAttended(OfSession, DoPage):
    """The client did not come."""

    def act(self) -> str:
        actions.not_attended(session=self.session, by=self.request.user, now=timezone.now())
        return self.get_success_url()
