"""Pages about the clinic's approvals."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.audit.history import entries_about
from clinic.kernel.audit.models import AuditQuerySet
from clinic.kernel.pages import DetailPage, DoPage, FormPage, HistoryPage, ListPage
from clinic.staff import approval_actions as actions
from clinic.staff.forms import ApprovalFilter, ApprovalForm, ApprovedPersonForm
from clinic.staff.models import Approval, ApprovedPerson
from clinic.staff.scope import (
    ADMIN,
    OfApproval,
    approvals_in,
    people_of,
    practitioners,
)


class ApprovalList(ListPage):
    policy = ADMIN
    template_name = "staff/approvals.html"
    filter_form = ApprovalFilter

    def get_queryset(self):
        asked = self.get_filters()
        self.narrowed = any(asked.values())
        return approvals_in(asked, timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return super().get_context_data(today=today, narrowed=self.narrowed, **kwargs)


class ApprovalAdd(FormPage):
    policy = ADMIN
    title = _("Enter an approval")
    form_class = ApprovalForm

    def get_success_url(self) -> str:
        if hasattr(self, "done"):
            return reverse("approval", args=[self.done.pk])
        return reverse("approval_list")

    def act(self, form) -> Approval:
        return actions.save_approval(
            approval=Approval(),
            values=form.values,
            premises=list(form.cleaned_data["premises"]),
            by=self.request.user,
            now=timezone.now(),
        )


class ApprovalChange(OfApproval, FormPage):
    of_record = True
    title = _("Change the approval")
    form_class = ApprovalForm

    @property
    def saved_message(self) -> str:
        names = str(_(", ")).join(self.done.moved_people)
        moved = _("Saved. With it the last day changed of: %(names)s.") % {"names": names}
        return moved if names else _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        return ApprovalForm.initial_of(self.approval)

    def act(self, form) -> Approval:
        return actions.save_approval(
            approval=self.approval,
            values=form.values,
            premises=list(form.cleaned_data["premises"]),
            by=self.request.user,
            now=timezone.now(),
        )


class ApprovalPage(OfApproval, DetailPage):
    template_name = "staff/approval.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            approval=self.approval,
            people=people_of(self.approval),
            today=timezone.localdate(),
            **kwargs,
        )


class ApprovalHistory(OfApproval, HistoryPage):
    def entries(self) -> AuditQuerySet:
        return entries_about(self.approval)


class PersonAdd(OfApproval, FormPage):
    title = _("Add a person to the approval")
    form_class = ApprovedPersonForm
    saved_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"candidates": practitioners()}

    def get_initial(self) -> dict[str, Any]:
        approval = self.approval
        return {"starts_on": approval.starts_on, "last_day": approval.last_day}

    def act(self, form) -> ApprovedPerson:
        return actions.name_person(
            approval=self.approval,
            practitioner=form.cleaned_data["practitioner"],
            period=form.period,
            by=self.request.user,
            now=timezone.now(),
        )


class PersonEnd(OfApproval, DoPage):
    def act(self) -> str:
        person = get_object_or_404(people_of(self.approval), pk=self.kwargs["person"])
        actions.end_person(person=person, by=self.request.user, now=timezone.now())
        return self.back()
