"""Pages of the paper path: prepare, print, enter what came back, compare."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from clinic.cases.models import Case
from clinic.clients.scope import NotedPage
from clinic.kernel import access
from clinic.kernel.audit.actions import note_read
from clinic.kernel.files.serving import download
from clinic.kernel.files.store import read_file
from clinic.kernel.pages import DoPage, FormPage
from clinic.kernel.roles import CLINICAL, Role
from consent.access import papers_visible_to
from consent.client.steps import steps_of
from consent.models import ReturnedPaper
from consent.paper import actions
from consent.paper.blank import form_of
from consent.paper.forms import ReceiveForm, VerdictForm
from consent.staff_views.scope import OfRequest, case_or_404


class PrepareDo(DoPage):
    """Ask on paper from a case."""

    policy = access.roles(*CLINICAL)

    def act(self) -> str:
        case = case_or_404(self.request.user, self.kwargs["case"])
        made = actions.prepare_paper(case=case, by=self.request.user, now=timezone.now())
        return reverse("consent_request", args=[made.pk])

    def back(self) -> str:
        return reverse("case", args=[self.kwargs["case"]])


class ChangeDo(OfRequest, DoPage):
    """Go on by paper with a request that was mailed."""

    def act(self) -> str:
        actions.change_to_paper(request=self.consent, by=self.request.user, now=timezone.now())
        return self.back()


class ReceivePage(OfRequest, FormPage):
    """Enter a form that came back."""

    title = _("Enter the signed paper form")
    intro = _("Another person then compares your entry with the scan.")
    form_class = ReceiveForm

    def get_form_kwargs(self) -> dict[str, Any]:
        items = [
            (step.item.code, f"{step.item.code} {step.item.title}")
            for step in steps_of(self.consent)
        ]
        return super().get_form_kwargs() | {"asked": self.consent, "items": items}

    def act(self, form: ReceiveForm) -> ReturnedPaper:
        return actions.receive_paper(
            request=self.consent, **form.values, by=self.request.user, now=timezone.now()
        )


class OfPaper(NotedPage):
    """A page on a returned paper form; each time it is drawn is noted as a read of the case."""

    @cached_property
    def paper(self) -> ReturnedPaper:
        papers = papers_visible_to(self.request.user).with_request()
        return get_object_or_404(papers, pk=self.kwargs["pk"])

    def subject(self) -> Case:
        return self.paper.request.case


class CheckPage(OfPaper, FormPage):
    """Compare the scan with what was entered; done by somebody else than who entered it."""

    policy = access.roles(Role.ADMIN)
    template_name = "consent/paper_check.html"
    title = _("Compare a paper form")
    form_class = VerdictForm
    submit_label = _("Keep")
    saved_message = _("Thank you. The comparison is on file.")

    def act(self, form: VerdictForm) -> ReturnedPaper:
        return actions.check_paper(
            paper=self.paper,
            right=form.cleaned_data["verdict"] == VerdictForm.RIGHT,
            remark=form.cleaned_data["remark"],
            by=self.request.user,
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        return reverse("today")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.paper.request
        return super().get_context_data(
            paper=self.paper,
            printed=form_of(asked),
            steps=steps_of(asked),
            files=self.paper.pages.select_related("file"),
            **kwargs,
        )


class ScanFile(OfPaper, View):
    """One file of the scan, as a download."""

    html = False
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        page = get_object_or_404(self.paper.pages.select_related("file"), number=number)
        note_read(subject=self.subject(), by=request.user, now=timezone.now())
        name = f"scan-{pk}-{number}{page.file.extension}"  # an administrator knows no case code
        return download(read_file(page.file), kind=page.file.kind, name=name)
