"""Pages of the register of places abroad (G10.1): everybody reads, administrators write."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel import access
from clinic.kernel.pages import DetailPage, FormPage, ListPage
from clinic.kernel.roles import Role
from sessions.jurisdictions import actions
from sessions.jurisdictions.forms import (
    JurisdictionFilter,
    JurisdictionForm,
    ReviewForm,
    RuleForm,
)
from sessions.jurisdictions.rows import jurisdiction_rows
from sessions.jurisdictions.scope import current_or_404, entries_of, entry_or_404, register
from sessions.models import Jurisdiction

ADMIN = access.roles(Role.ADMIN)


class JurisdictionList(ListPage):
    policy = access.STAFF
    template_name = "sessions/jurisdictions.html"
    filter_form = JurisdictionFilter

    def get_queryset(self):
        return register(self.get_filters(), timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        searched = any(self.filters.cleaned_data.values())
        rows = jurisdiction_rows(context["object_list"], timezone.localdate())
        return context | {"rows": rows, "searched": searched}


class JurisdictionAdd(FormPage):
    policy = ADMIN
    title = _("Enter a place abroad")
    intro = _("Inside Taiwan the clinic's approval governs; nothing is entered here.")
    form_class = JurisdictionForm
    saved_message = _("The place was entered.")

    def get_initial(self) -> dict[str, Any]:
        return {"reviewed_on": timezone.localdate()}

    def act(self, form) -> Jurisdiction:
        return actions.add_jurisdiction(
            values=form.cleaned_data, by=self.request.user, now=timezone.now()
        )

    def get_success_url(self) -> str:
        return reverse("jurisdiction_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"back_url": self.cancel_url(), "back_label": _("Places abroad")}
        return super().get_context_data(**back, **kwargs)


class JurisdictionPage(DetailPage):
    """One place: what holds now, and what was said before."""

    policy = access.STAFF
    template_name = "sessions/jurisdiction.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = entry_or_404(self.kwargs["pk"])
        rows = jurisdiction_rows(entries_of(entry), timezone.localdate())
        return super().get_context_data(entry=entry, now=rows[0], earlier=rows[1:], **kwargs)


class OfJurisdiction(FormPage):
    """A form about the current entry of the address; one replaced meanwhile is said beside it."""

    policy = ADMIN

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        find = entry_or_404 if request.method == "POST" else current_or_404
        self.entry = find(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("jurisdiction", args=[getattr(self, "done", self.entry).pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"back_url": self.cancel_url(), "back_label": str(self.entry)}
        return super().get_context_data(**back, **kwargs)


class JurisdictionReplace(OfJurisdiction):
    title = _("Replace the entry")
    intro = _("The entry until now stays in the history.")
    form_class = RuleForm
    saved_message = _("The entry was replaced.")

    def get_initial(self) -> dict[str, Any]:
        known = {name: getattr(self.entry, name) for name in actions.KEPT}
        return known | {"reviewed_on": timezone.localdate()}

    def act(self, form) -> Jurisdiction:
        return actions.replace_jurisdiction(
            jurisdiction=self.entry,
            values=form.cleaned_data,
            by=self.request.user,
            now=timezone.now(),
        )


class JurisdictionReview(OfJurisdiction):
    title = _("Reviewed again, nothing changed")
    intro = _("Read the source again first. Where something changed, replace the entry instead.")
    form_class = ReviewForm
    saved_message = _("The review was entered.")

    def get_initial(self) -> dict[str, Any]:
        return {"source": self.entry.source, "reviewed_on": timezone.localdate()}

    def act(self, form) -> Jurisdiction:
        return actions.review_jurisdiction(
            jurisdiction=self.entry,
            **form.cleaned_data,
            by=self.request.user,
            now=timezone.now(),
        )
