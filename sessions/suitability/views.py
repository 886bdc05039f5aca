"""Pages of suitability: the list of a case, a new assessment, one to read and to confirm."""

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.clients.scope import OfCase
from clinic.kernel.letters import fill
from clinic.kernel.pages import DetailPage, DoPage, FormPage, ListPage
from sessions.access import no_licence
from sessions.models import CounsellingSession, Suitability
from sessions.models.suitability import LONGEST_ID
from sessions.suitability import actions
from sessions.suitability.access import may_assess, may_confirm
from sessions.suitability.forms import AssessmentForm
from sessions.suitability.reading import Reading, read
from sessions.suitability.starting import SHORT, Start, start_of
from sessions.suitability.stopping import stopped_sessions
from sessions.suitability.words import INTRO, LEVELS, SHORT_INTRO


class AssessmentList(OfCase, ListPage):
    """Every assessment of a case, newest first."""

    template_name = "suitability/list.html"
    context_object_name = "assessments"

    def get_queryset(self):
        return self.case.assessments.newest_first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = may_assess(self.request.user, self.case) and not self.case.closed_at
        return super().get_context_data(may_assess=may, **kwargs)


class AssessmentNew(OfCase, FormPage):
    """Assess both sides: in full the first time, shortly later; the full form is always there."""

    title = _("Suitability assessment")
    submit_label = _("Save the assessment")
    saved_message = _("The assessment is saved.")
    form_class = AssessmentForm
    template_name = "suitability/form.html"

    @cached_property
    def session(self) -> CounsellingSession | None:
        """The session it is made for, as the address says; one of another case is not there."""
        asked = self.request.GET.get("session") or self.request.POST.get("session", "")
        if not asked:
            return None
        number = int(asked) if asked.isdecimal() and len(asked) < LONGEST_ID else None
        return get_object_or_404(self.case.sessions, pk=number)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        now = timezone.now()
        asked = kwargs.get("data") or self.request.GET
        self.start = start_of(self.case, asked, self.request.user, now)
        if self.start.stale:
            kwargs["data"] = asked.copy()
            kwargs["data"]["seen"] = str(self.start.last.row.pk)
        kwargs["initial"]["session"] = self.session
        return kwargs | self._carried(self.start) | {"today": timezone.localdate(now)}

    def _carried(self, start: Start) -> dict[str, Any]:
        kept = {"kind": start.kind, "last": start.last, "stale": start.stale}
        return kept | {"sessions": self.case.sessions.all()}

    def act(self, form) -> Suitability:
        return actions.assess_suitability(
            case=self.case,
            session=form.cleaned_data["session"],
            form=form.kind,
            seen=form.cleaned_data["seen"],
            **form.given,
            by=self.request.user,
            now=timezone.now(),
        )

    def cancel_url(self) -> str:
        """The session one came from, or the list."""
        if self.session:
            return reverse("session", args=[self.session.pk])
        return reverse("suitability_list", args=[self.case.pk])

    def get_success_url(self) -> str:
        """Back to the session; to the assessment where it says that telecounselling stops."""
        if not hasattr(self, "done"):
            return self.cancel_url()
        if self.done.session_id and not self.done.leaves_tele:
            return reverse("session", args=[self.done.session_id])
        return reverse("suitability", args=[self.case.pk, self.done.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"back_url": self.cancel_url(), "back_label": self.session or self.case.code}
        context = super().get_context_data(**kwargs | back)
        short = self.start.kind == SHORT
        intro = self._short_intro() if short else INTRO
        shown = {"short": short, "session": self.session, "levels": LEVELS.values()}
        return context | shown | {"intro": intro}

    def _short_intro(self) -> str:
        day = timezone.localdate(self.start.last.row.at)
        return fill(str(SHORT_INTRO), {"last_date": day.isoformat()})


class OfAssessment(OfCase):
    """A page of one assessment of the case named in the address."""

    @cached_property
    def reading(self) -> Reading:
        rows = self.case.assessments.newest_first()
        row = get_object_or_404(rows, pk=self.kwargs["assessment"])
        return read(row, rows.before(row))

    def setup(self, request, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.reading  # noqa: B018  one that is not there is 404 before anything else

    def back(self) -> str:
        return reverse("suitability", args=[self.case.pk, self.reading.row.pk])


class AssessmentPage(OfAssessment, DetailPage):
    """One assessment, to read and to print."""

    template_name = "suitability/read.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, row = timezone.now(), self.reading.row
        user, today = self.request.user, timezone.localdate(now)
        hers = row.needs_confirmation and may_confirm(user, row, today)
        unlicensed = no_licence(user, today) if hers else None
        return super().get_context_data(
            reading=self.reading,
            row=row,
            confirms=hers and not unlicensed,
            unlicensed=unlicensed,
            stopped=stopped_sessions(row, now),
            **kwargs,
        )


class ConfirmDo(OfAssessment, DoPage):
    """The psychologist stands by what her intern assessed."""

    def act(self) -> str:
        row = self.reading.row
        actions.confirm_suitability(assessment=row, by=self.request.user, now=timezone.now())
        return self.back()
