"""The calendar: a week or a day of the sessions that the reader sees."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.cases.access import cases_visible_to, counsellors_of
from clinic.kernel import access
from clinic.kernel.pages import DetailPage
from clinic.kernel.roles import CLINICAL
from sessions.access import seen_by
from sessions.calendar.rows import sheet
from sessions.calendar.span import EARLIEST, LATEST, Span
from sessions.models import SessionQuerySet


class CalendarForm(forms.Form):
    """What is shown. What makes no sense is left out, not an error."""

    day = forms.DateField(
        required=False, validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    )
    view = forms.ChoiceField(choices=[("week", _("Week")), ("day", _("Day"))], required=False)
    counsellor = forms.IntegerField(required=False, min_value=1)


class Calendar(DetailPage):
    """A week, Monday first, or one day."""

    policy = access.roles(*CLINICAL)
    template_name = "sessions/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        form = CalendarForm(self.request.GET)
        form.is_valid()
        asked = form.cleaned_data
        span = Span(asked.get("day") or timezone.localdate(now), asked.get("view") or "week")
        chosen = asked.get("counsellor")
        return super().get_context_data(
            sheet=sheet(self.sessions(chosen), span.first, span.days, now),
            counsellors=self.counsellors(),
            chosen=chosen,
            span=span,
            **kwargs,
        )

    def sessions(self, chosen: int | None) -> SessionQuerySet:
        """Return what the reader sees, of one psychologist if one is chosen."""
        rows = seen_by(self.request.user)
        return rows.filter(counsellor=chosen) if chosen else rows

    def counsellors(self) -> list[User]:
        """Return whose sessions the reader sees."""
        return list(counsellors_of(cases_visible_to(self.request.user)))
