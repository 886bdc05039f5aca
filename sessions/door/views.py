"""The door: the opening check in the call, and the link that leads there."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.pages import FormPage
from clinic.people.safe_contact import safe_contact_words
from sessions.door.actions import check_door, newest_answers, newest_number
from sessions.door.forms import DoorForm
from sessions.door.licences import licence_values
from sessions.door.on_file import on_file
from sessions.door.points import asked_in
from sessions.models.suitability import LONGEST_ID
from sessions.places import Where, places_of
from sessions.scope import OfSession
from sessions.wording import disconnect_values

IN_PERSON = _("This session is in person: it needs no opening check.")


class DoorPage(OfSession, FormPage):
    """One screen; what has not changed is ticked already."""

    title = _("Opening check")
    submit_label = _("Keep the answers")
    saved_message = _("The opening check is on file.")
    form_class = DoorForm
    template_name = "sessions/door.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """In person there is no call, and nobody at a distance to be asked where she is."""
        if self.session.is_tele:
            return super().dispatch(request, *args, **kwargs)
        messages.info(request, IN_PERSON)
        return redirect(self.get_success_url())

    @cached_property
    def where(self) -> dict[int, Where]:
        return places_of([self.session])[self.session.pk]

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = asked_in(self.session)
        return super().get_form_kwargs() | {
            "session": self.session,
            "asked": asked,
            "filed": on_file(self.session, asked),
            "known": newest_answers(self.session),
            "placed": set(self.where),
        }

    def act(self, form: DoorForm) -> Any:
        return check_door(
            session=self.session,
            answers=form.answers,
            elsewhere=form.elsewhere,
            seen=self._number("seen"),
            version=self._number("version"),
            by=self.request.user,
            now=timezone.now(),
        )

    def _number(self, name: str) -> int | None:
        sent = self.request.POST.get(name, "")
        return int(sent) if sent.isdecimal() and len(sent) < LONGEST_ID else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = [
            (person, self.where.get(person.pk), safe_contact_words(person))
            for person in self.session.people
        ]
        words = disconnect_values(self.session) | licence_values(self.session)
        seen = newest_number(self.session)
        return super().get_context_data(people=people, words=words, seen=seen, **kwargs)
