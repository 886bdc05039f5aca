"""Pages of the directory: to find whom to call, and to keep the numbers right."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel import access
from clinic.kernel.audit.history import entries_about, history
from clinic.kernel.pages import DetailPage, DoPage, FormPage, ListPage
from clinic.kernel.roles import Role
from clinic.kernel.undo import offer_undo
from crisis.directory import actions
from crisis.directory.forms import CorrectionForm, DirectoryFilter, ResourceForm
from crisis.directory.loading import load_directory
from crisis.directory.scope import OfResource, chosen_rows, page_parts, source_says
from crisis.directory.wording import purpose_of
from crisis.models import Resource

ADMIN = access.roles(Role.ADMIN)


class DirectoryPage(ListPage):
    """Whom to call: open now first, then 24 hours, near before far."""

    policy = access.STAFF
    template_name = "crisis/directory.html"
    filter_form = DirectoryFilter

    @cached_property
    def now(self):
        return timezone.now()

    def get_queryset(self):
        return chosen_rows(self.get_filters(), self.request.user, self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        chosen = self.filters.cleaned_data
        return (
            context | page_parts(context["object_list"], chosen, self.now) | {"form": self.filters}
        )


class ResourcePage(OfResource, DetailPage):
    """One entry: its numbers, where they come from, who checked them, what happened to it."""

    policy = access.STAFF
    template_name = "crisis/directory_entry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            row=self.row,
            purpose=purpose_of(self.row.resource),
            source_says=source_says(self.row.resource),
            entries=history(entries_about(self.row.resource).changes()[:50]),
            **kwargs,
        )


class ResourceAdd(FormPage):
    policy = ADMIN
    title = _("Add a local resource")
    intro = _("It stands beside those of the public sources, with your name and today's date.")
    form_class = ResourceForm
    saved_message = _("Added to the directory.")

    def act(self, form) -> Resource:
        return actions.add_resource(values=form.values, by=self.request.user, now=timezone.now())

    def get_success_url(self) -> str:
        done = getattr(self, "done", None)
        return reverse("resource", args=[done.pk]) if done else reverse("directory")


class ResourceChange(OfResource, FormPage):
    of_record = True
    policy = ADMIN
    title = _("Correct the entry")
    intro = _("Your words stay when the directory is loaded again; the source's stand beside them.")
    form_class = CorrectionForm
    saved_message = _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        return CorrectionForm.initial_of(self.row.resource)

    def act(self, form) -> Resource:
        return actions.change_resource(
            resource=self.row.resource,
            values=form.values,
            by=self.request.user,
            now=timezone.now(),
        )


class ResourceDo(OfResource, DoPage):
    """One verb on an entry, and back to it."""

    policy = ADMIN
    verb: Any = None
    said: Any = ""

    def act(self) -> str:
        self.verb(resource=self.row.resource, by=self.request.user, now=timezone.now())
        messages.success(self.request, self.said)
        return self.back()


class ResourceHide(ResourceDo):
    def act(self) -> str:
        actions.hide_resource(resource=self.row.resource, by=self.request.user, now=timezone.now())
        undo = reverse("resource_show", args=[self.row.resource.pk])
        offer_undo(self.request, _("The entry is hidden."), undo)
        return self.back()


class ResourceShow(ResourceDo):
    verb = staticmethod(actions.show_resource)
    said = _("The entry is shown again.")


class ResourceReport(ResourceDo):
    policy = access.STAFF
    said = _("Noted: it does not answer. Somebody will check the number.")

    def verb(self, **asked: Any) -> Any:
        return actions.report_resource(seen=self.request.POST.get("seen"), **asked)


class ResourceConfirm(ResourceDo):
    """The numbers were rung, or read again at the source; ``how`` says which."""

    said = _("Confirmed today.")

    def verb(self, **asked: Any) -> Any:
        how, seen = self.request.POST.get("how", ""), self.request.POST.get("seen")
        return actions.confirm_resource(how=how, seen=seen, **asked)


class DirectoryLoadDo(DoPage):
    """Load the files that come with the product; may be repeated."""

    policy = ADMIN

    def act(self) -> str:
        load_directory(by=self.request.user, now=timezone.now())
        messages.success(self.request, _("The directory is loaded."))
        return self.back()

    def back(self) -> str:
        return reverse("directory")
