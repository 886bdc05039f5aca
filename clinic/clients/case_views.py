"""Pages of cases."""

from functools import cached_property, partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.cases.access import cases_visible_to, counsellors_of, overseers_of
from clinic.cases.age_floor import FloorNotice, floor_notice_on
from clinic.clients import actions
from clinic.clients.forms import CaseCloseForm, CaseFilter, CaseOpenForm
from clinic.clients.next_step import next_steps
from clinic.clients.scope import OfCase, OfClient
from clinic.clients.views import HistoryOfClients
from clinic.kernel import access
from clinic.kernel.audit.history import entries_about
from clinic.kernel.audit.models import AuditQuerySet
from clinic.kernel.pages import DetailPage, DoPage, FormPage, ListPage
from clinic.kernel.panels import panels_for
from clinic.kernel.roles import CLINICAL
from clinic.kernel.undo import offer_undo


class CaseList(ListPage):
    """Cases of the reader and of those she supervises."""

    policy = access.roles(*CLINICAL)
    template_name = "cases/list.html"
    context_object_name = "cases"

    @cached_property
    def counsellors(self) -> list[User]:
        return list(counsellors_of(cases_visible_to(self.request.user)))

    @property
    def filter_form(self):
        return partial(CaseFilter, counsellors=self.counsellors)

    def get_queryset(self):
        chosen = self.get_filters()
        cases = cases_visible_to(self.request.user).in_state(chosen.get("state", ""))
        if text := chosen.get("q"):
            cases = cases.found_by(text)
        return cases.of_counsellor(chosen.get("counsellor")).for_lists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        searched = any(self.filters.cleaned_data.values())
        several = len(self.counsellors) > 1
        return super().get_context_data(searched=searched, several=several, **kwargs)


class CaseOpen(OfClient, FormPage):
    """Open an individual case; says first what the client's age allows."""

    title = _("Open an individual case")
    submit_label = _("Open the case")
    saved_message = _("The case was opened.")
    form_class = CaseOpenForm
    template_name = "cases/open.html"

    @cached_property
    def notice(self) -> FloorNotice | None:
        return floor_notice_on(self.person.birth_date, timezone.localdate())

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"notice": self.notice}

    def act(self, form) -> Any:
        only = form.cleaned_data.get("in_person_only", False)
        return actions.open_case(
            person=self.person, in_person_only=only, by=self.request.user, now=timezone.now()
        )

    def get_success_url(self) -> str:
        done = getattr(self, "done", None)
        return reverse("case", args=[done.pk]) if done else super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(notice=self.notice, **kwargs)


class CasePage(OfCase, DetailPage):
    """One case: who takes part, who works on it, what comes next."""

    template_name = "cases/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = list(self.case.participants.all())
        now = timezone.now()
        today = timezone.localdate(now)
        return super().get_context_data(
            parts=parts,
            panels=panels_for("case", self.case, self.request.user, now),
            notice=floor_notice_on(max(p.person.birth_date for p in parts), today),
            overseers=overseers_of(self.case.counsellor, today),
            steps=next_steps(self.case, parts),
            own=self.case.counsellor == self.request.user,
            keeps=self.case.is_kept,
            **kwargs,
        )


class CaseClose(OfCase, FormPage):
    title = _("Close the case")
    intro = _("Nothing is deleted, and the case can be reopened.")
    submit_label = _("Close the case")
    form_class = CaseCloseForm

    def act(self, form) -> Any:
        case = actions.close_case(
            case=self.case,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            now=timezone.now(),
        )
        undo = reverse("case_reopen", args=[case.pk])
        offer_undo(self.request, _("The case was closed."), undo)
        return case


class CaseReopen(OfCase, DoPage):
    def act(self) -> str:
        actions.reopen_case(case=self.case, by=self.request.user, now=timezone.now())
        return self.get_success_url()

    def back(self) -> str:
        return self.get_success_url()


class CaseHistory(OfCase, HistoryOfClients):
    title = _("History of the case")

    def entries(self) -> AuditQuerySet:
        return entries_about(self.case)
