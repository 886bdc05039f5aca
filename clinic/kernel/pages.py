"""Bases of the pages: scope, form, action, redirect."""

from typing import Any

from django import forms
from django.contrib import messages
from django.forms.renderers import TemplatesSetting
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, ListView, TemplateView, View

from clinic.errors import Refused
from clinic.kernel import kept_forms, stale
from clinic.kernel.access import Policy
from clinic.kernel.audit.history import Line, history
from clinic.kernel.audit.models import AuditEntry, AuditQuerySet

START_EMPTY = "_empty"  # pressed beside what was kept through a time-out


class FormRenderer(TemplatesSetting):
    """Draws every form with the product's own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class FormPage(FormView):
    """A page with one form. ``act(form)`` calls the action; a refusal stands beside the form.

    Whatever was typed before a time-out is shown again, unsaved.
    """

    policy: Policy
    template_name = "form_page.html"
    title: Any = ""
    intro: Any = ""
    submit_label: Any = ""
    saved_message: Any = ""
    # It changes what is on file: what somebody else saved meanwhile is not undone unseen.
    of_record = False

    def post(self, request, *args: Any, **kwargs: Any) -> HttpResponse:
        if START_EMPTY in request.POST and request.user.is_authenticated:
            kept_forms.discard(request)
            return redirect(request.get_full_path())
        form = self.get_form()
        if self.of_record and (names := stale.clashes(form, request.POST.get(stale.FIELD, ""))):
            stale.show_current(form, names)
            return self.form_invalid(form)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def act(self, form: forms.Form) -> Any:
        """Do what the form asks. May raise Refused."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        self.kept = False
        reading = self.request.method == "GET" and self.request.user.is_authenticated
        if reading and (data := kept_forms.waiting(self.request)) is not None:
            kwargs["data"] = data
            self.kept = True
        return kwargs

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            self.done = self.act(form)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.form_invalid(form)
        if self.request.user.is_authenticated:
            kept_forms.discard(self.request)
        if self.saved_message:
            messages.success(self.request, self.saved_message)
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            kwargs["form"] = self.get_form()  # now we know whether something was kept
        writer = self.request.user
        return super().get_context_data(
            title=self.title,
            intro=self.intro,
            submit_label=self.submit_label,
            cancel_url=self.cancel_url(),
            kept=getattr(self, "kept", False),
            started=self._started(kwargs["form"]) if self.of_record else "",
            writer=kept_forms.mark(writer) if writer.is_authenticated else "",
            **kwargs,
        )

    def _started(self, form: forms.Form) -> str:
        """What the form began with: of one kept through a time-out, when it was first opened."""
        kept = form.data.get(stale.FIELD, "") if getattr(self, "kept", False) else ""
        return kept or stale.stamp(form)

    def cancel_url(self) -> str:
        """Where "cancel" leads: the page one comes back to after saving."""
        return self.get_success_url()


class ListPage(ListView):
    """A list with search, filters and paging. ``filter_form`` holds the GET form, if any."""

    policy: Policy
    paginate_by = 25
    filter_form: type[forms.Form] | None = None

    def get_filters(self) -> dict[str, Any]:
        """Return the cleaned filters; what makes no sense is left out, not an error."""
        if self.filter_form is None:
            return {}
        self.filters = self.filter_form(self.request.GET)
        self.filters.is_valid()
        return self.filters.cleaned_data

    def paginate_queryset(self, queryset, page_size):
        """Show the nearest page rather than an error when a page number is out of range."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = filter_parts(self.filters) if hasattr(self, "filters") else None
        return super().get_context_data(filters=parts, **kwargs)


class HistoryPage(ListPage):
    """What changed of one record, in words, newest first.

    Under its title stands whose it is: on paper is no way back that would tell it.
    """

    template_name = "history.html"
    paginate_by = 50
    title: Any = _("History")

    def entries(self) -> AuditQuerySet:
        """Return everything the history is made of."""
        raise NotImplementedError  # each page has its own record

    def get_queryset(self) -> AuditQuerySet:
        return self.entries().changes()

    def lines(self, entries: list[AuditEntry]) -> list[Line]:
        """Put one page of entries into words."""
        return history(entries)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        whose = {"intro": kwargs.get("back_label", "")}
        context = super().get_context_data(title=self.title, **whose | kwargs)
        return context | {"entries": self.lines(list(context["object_list"]))}


def filter_parts(form: forms.Form) -> dict[str, Any]:
    """Return a GET form as ``parts/filters.html`` draws it: one search box, several selects."""
    parts: dict[str, Any] = {"search": None, "selects": []}
    for field in form:
        part = {"name": field.html_name, "label": field.label, "value": field.value() or ""}
        if isinstance(field.field, forms.ChoiceField):
            parts["selects"].append(part | {"choices": list(field.field.choices)})
        else:
            parts["search"] = part
    return parts


class DetailPage(TemplateView):
    """A page that shows something."""

    policy: Policy


class DoPage(View):
    """A button: POST only. ``act()`` calls the action; a refusal becomes a message."""

    policy: Policy
    http_method_names = ["post", "options"]

    def act(self) -> Any:
        """Do it and return where to go. May raise Refused."""
        raise NotImplementedError

    def back(self) -> str:
        """Where to go when it was refused."""
        raise NotImplementedError

    def post(self, request, *args, **kwargs) -> HttpResponse:
        try:
            return redirect(self.act())
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(self.back())
