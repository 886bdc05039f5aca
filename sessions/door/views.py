"""The door: the opening check in the call, and the link that leads there."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.pages import FormPage
from clinic.people.safe_contact import safe_contact_words
from sessions.door.actions import (
    check_door,
    digest_of,
    is_same,
    newest_answers,
    newest_number,
)
from sessions.door.forms import ELSEWHERE, DoorForm
from sessions.door.licences import licence_values
from sessions.door.on_file import on_file
from sessions.door.points import Point, asked_in
from sessions.models import SessionPlace
from sessions.models.suitability import LONGEST_ID
from sessions.places import Where, places_of
from sessions.scope import OfSession
from sessions.wording import disconnect_values

# Refusal -> what it tells of, as the page sends it along.
POINTED_OUT = {
    "sessions.door_newer": "seen",
    "sessions.changed": "version",
    "sessions.place_changed": "places_seen",
}
IN_PERSON = _("This session is in person: it needs no opening check.")


class DoorPage(OfSession, FormPage):
    """One screen; what has not changed is ticked already."""

    title = _("Opening check")
    submit_label = _("Keep the answers")
    saved_message = _("The opening check is on file.")
    form_class = DoorForm
    template_name = "sessions/door.html"
    pointed_out: str | None = None  # what a refusal has just said to be newer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """In person there is no call, and nobody at a distance to be asked where she is."""
        if self.session.is_tele:
            return super().dispatch(request, *args, **kwargs)
        messages.info(request, IN_PERSON)
        return redirect(self.get_success_url())

    @cached_property
    def expected(self) -> dict[int, Where]:
        """The places on file, whatever was told in the call."""
        return places_of([self.session], before_the_call=True)[self.session.pk]

    @cached_property
    def known(self) -> dict[tuple[str, int | None], str]:
        return newest_answers(self.session)

    @cached_property
    def told(self) -> dict[int, SessionPlace]:
        """Who told in this call of another place than the file says now, and where."""
        where = places_of([self.session])[self.session.pk]
        return {person: place for person, place in where.items() if self._differs(person, place)}

    def _differs(self, person: int, place: Where) -> bool:
        """Asked of the place: it counts also where the answers do no more, in another room or way."""
        if not isinstance(place, SessionPlace) or place.how == SessionPlace.How.BOOKING:
            return False
        elsewhere = self.known.get((Point.PLACE, person)) in ELSEWHERE
        return elsewhere or not is_same(place, self.expected.get(person))

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = asked_in(self.session)
        return super().get_form_kwargs() | {
            "session": self.session,
            "asked": asked,
            "filed": on_file(self.session, asked),
            "known": self.known,
            "placed": set(self.expected),
            "told": self.told,
        }

    def act(self, form: DoorForm) -> Any:
        try:
            return check_door(
                session=self.session,
                answers=form.answers,
                elsewhere=form.elsewhere,
                seen=self._number("seen"),
                version=self._number("version"),
                places_seen=self.request.POST.get("places_seen"),
                by=self.request.user,
                now=timezone.now(),
            )
        except Refused as refused:
            self.pointed_out = POINTED_OUT.get(refused.code)
            raise

    def _number(self, name: str) -> int | None:
        sent = self.request.POST.get(name, "")
        return int(sent) if sent.isdecimal() and len(sent) < LONGEST_ID else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = [
            (p, self.expected.get(p.pk), self.told.get(p.pk), safe_contact_words(p))
            for p in self.session.people
        ]
        words = disconnect_values(self.session) | licence_values(self.session)
        form = kwargs.pop("form", None) or self.get_form()
        seen = self._seen(form.data)
        return super().get_context_data(
            form=form, people=people, words=words, seen_by_her=seen, **kwargs
        )

    def _seen(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """What the answers stand on: what she saw, until a refusal tells her what is newer.

        :param sent: just now, or before a time-out; empty for a page that was not sent yet.
        """
        newest = {
            "seen": newest_number(self.session),
            "version": self.session.version,
            "places_seen": digest_of(self.expected),
        }
        told = {name for name in newest if name == self.pointed_out or name not in sent}
        return {name: newest[name] if name in told else sent[name] for name in newest}
