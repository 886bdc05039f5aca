"""The set-up overview, and its parts that need accounts and approvals."""

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from clinic.kernel.pages import DetailPage, DoPage, FormPage
from clinic.organisation import actions
from clinic.organisation.models import Clinic, OpeningHours, Premises
from clinic.organisation.setup import SetUp
from clinic.staff.forms import ResponsibleForm
from clinic.staff.scope import ADMIN, approvals, psychologists


class SetupPage(DetailPage):
    policy = ADMIN
    template_name = "organisation/setup.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        house = SetUp.look_up(approvals())
        missing = house.missing()
        week = [(WEEKDAYS[row.weekday - 1], row.span) for row in OpeningHours.week()]
        return super().get_context_data(
            clinic=Clinic.the_one(),
            premises=Premises.with_rooms(),
            hours=week,
            approvals=approvals(),
            candidates=psychologists().exists(),
            missing=missing,
            next_step=missing[0][0] if missing else "",
            setup_missing=[],  # this page says it in its own way
            **kwargs,
        )


class ResponsiblePage(FormPage):
    policy = ADMIN
    title = _("Psychologist in charge")
    intro = _("As on the establishment licence. Invite her first if she is not in the list.")
    form_class = ResponsibleForm
    success_url = reverse_lazy("setup")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"candidates": psychologists()}

    def act(self, form) -> Clinic:
        user = form.cleaned_data["responsible"]
        return actions.set_responsible(user=user, by=self.request.user, now=timezone.now())


class NoApprovalYet(DoPage):
    policy = ADMIN

    def act(self) -> str:
        actions.set_no_approval_yet(none_yet=True, by=self.request.user, now=timezone.now())
        return self.back()

    def back(self) -> str:
        return reverse("setup")
