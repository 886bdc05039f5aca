"""The set-up page and its parts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel import access
from clinic.kernel.audit.history import Line, entries_about
from clinic.kernel.audit.models import AuditEntry, AuditQuerySet
from clinic.kernel.pages import FormPage, HistoryPage
from clinic.kernel.roles import Role
from clinic.organisation import actions
from clinic.organisation.forms import ClinicForm, HoursForm, PremisesForm, RoomForm
from clinic.organisation.history import names_of_parts, told_by_name
from clinic.organisation.models import Clinic, OpeningHours, Premises, Room

ADMIN = access.roles(Role.ADMIN)


class SetupPart(FormPage):
    """One part of the set-up; leads back to the overview."""

    policy = ADMIN
    success_url = reverse_lazy("setup")
    saved_message = _("Saved.")


class ClinicPage(SetupPart):
    of_record = True
    title = _("The clinic's particulars")
    form_class = ClinicForm

    def get_initial(self) -> dict[str, Any]:
        return ClinicForm.initial_of(Clinic.the_one())

    def act(self, form) -> Clinic:
        return actions.save_clinic(values=form.values, by=self.request.user, now=timezone.now())


class HoursPage(SetupPart):
    of_record = True
    title = _("Opening hours")
    intro = _(
        "In the clinic's time zone (Taipei). Days left empty are closed. Where it is open until "
        "midnight, it closes at 00:00."
    )
    form_class = HoursForm

    def get_initial(self) -> dict[str, Any]:
        return HoursForm.initial_of(OpeningHours.week())

    def act(self, form) -> None:
        actions.set_hours(hours=form.hours, by=self.request.user, now=timezone.now())


class PremisesPage(SetupPart):
    """Add premises, or change those of the address."""

    of_record = True
    title = _("Premises")
    form_class = PremisesForm

    def dispatch(self, request, *args: Any, pk: int | None = None, **kwargs: Any) -> HttpResponse:
        self.row = get_object_or_404(Premises, pk=pk) if pk else Premises()
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return self.row.form_values() if self.row.pk else {}

    def act(self, form) -> Premises:
        return actions.save_premises(
            premises=self.row, values=form.values, by=self.request.user, now=timezone.now()
        )


class RoomPage(SetupPart):
    """Add a room to premises, or change the room of the address."""

    of_record = True
    title = _("Counselling room")
    form_class = RoomForm

    def dispatch(self, request, *args: Any, **kwargs: int) -> HttpResponse:
        if "pk" in kwargs:
            self.row = get_object_or_404(Room, pk=kwargs["pk"])
        else:
            self.row = Room(premises=get_object_or_404(Premises, pk=kwargs["premises"]))
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.row.name, "active": self.row.active}

    def act(self, form) -> Room:
        return actions.save_room(
            room=self.row, values=form.cleaned_data, by=self.request.user, now=timezone.now()
        )


class ClinicHistoryPage(HistoryPage):
    """What changed of the clinic, its premises and its rooms."""

    policy = ADMIN
    title = _("Changes of the clinic's particulars")

    def entries(self) -> AuditQuerySet:
        self.named = names_of_parts()
        return entries_about(get_object_or_404(Clinic), *self.named)

    def lines(self, entries: list[AuditEntry]) -> list[Line]:
        return told_by_name(entries, self.named)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"back_url": reverse("setup"), "back_label": _("Clinic"), "intro": ""}
        return super().get_context_data(**back | kwargs)
