"""Pages of a client's places."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.clients import place_actions as actions
from clinic.clients.scope import OfClient
from clinic.kernel.pages import DoPage, FormPage
from clinic.kernel.undo import offer_undo
from clinic.people.place_forms import PlaceForm
from clinic.people.places import Place


class OfPlace(OfClient):
    """A page of one place of the client named in the address."""

    @cached_property
    def place(self) -> Place:
        places = self.person.places.select_related("town__county")
        return get_object_or_404(places, pk=self.kwargs["place"])

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.place.person = self.person


class PlaceAdd(OfClient, FormPage):
    title = _("Add a place")
    intro = _("Where the client is during sessions. Help is sent there in an emergency.")
    saved_message = _("The place was added.")
    form_class = PlaceForm
    template_name = "clients/form.html"

    def act(self, form) -> Any:
        return actions.add_place(
            person=self.person, values=form.values, by=self.request.user, now=timezone.now()
        )


class PlaceChange(OfPlace, FormPage):
    of_record = True
    title = _("Change the place")
    saved_message = _("Saved.")
    form_class = PlaceForm
    template_name = "clients/form.html"

    def get_initial(self) -> dict[str, Any]:
        return PlaceForm.initial_of(self.place)

    def act(self, form) -> Any:
        return actions.change_place(
            place=self.place, values=form.values, by=self.request.user, now=timezone.now()
        )


class PlaceEnd(OfPlace, DoPage):
    """No longer use a place; the next page offers the way back."""

    def act(self) -> str:
        actions.end_place(place=self.place, by=self.request.user, now=timezone.now())
        undo = reverse("place_restore", args=[self.person.pk, self.place.pk])
        offer_undo(self.request, _("The place is no longer used."), undo)
        return self.get_success_url()

    def back(self) -> str:
        return self.get_success_url()


class PlaceRestore(OfPlace, DoPage):
    def act(self) -> str:
        actions.restore_place(place=self.place, by=self.request.user, now=timezone.now())
        undo = reverse("place_end", args=[self.person.pk, self.place.pk])
        offer_undo(self.request, _("The place is used again."), undo)
        return self.get_success_url()

    def back(self) -> str:
        return self.get_success_url()
