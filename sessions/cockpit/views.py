"""「指引對照」: the guideline clause by clause, how each is answered, and what lacks."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel import access
from clinic.kernel.pages import DetailPage, ListPage, filter_parts
from sessions.cockpit.counts import DAYS, ahead, filed
from sessions.cockpit.rows import clause_rows, overview, sections
from sessions.cockpit.scope import kind_or_404, records


class ClauseFilter(forms.Form):
    show = forms.ChoiceField(
        label=_("Clauses"),
        choices=[("", _("all")), ("gaps", _("with gaps"))],
        required=False,
    )


class GuidelinePage(DetailPage):
    """Every clause with its requirements, evidence and gaps. Counts only, nobody's name."""

    policy = access.STAFF
    template_name = "sessions/cockpit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, chosen = timezone.now(), ClauseFilter(self.request.GET)
        only = chosen.is_valid() and chosen.cleaned_data["show"] == "gaps"
        coming = ahead(self.request.user, now)
        rows = clause_rows(coming, filed())
        shown = [row for row in rows if row.is_gap] if only else rows
        numbers = {"now": now, "days": DAYS, "ahead": coming, "overview": overview(rows)}
        return super().get_context_data(
            rows=rows,
            sections=sections(shown),
            filters=filter_parts(chosen),
            **numbers,
            **kwargs,
        )


class EvidenceList(ListPage):
    """The dated records of one kind, newest first."""

    policy = access.STAFF
    template_name = "sessions/evidence.html"

    def get_queryset(self):
        self.kind = kind_or_404(self.kwargs["evidence"])
        return self.kind.records()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(kind=self.kind, **kwargs)
        found = records(self.kind, list(context["object_list"]), self.request.user)
        return context | {"records": found}
