"""Examples for the page of components: a form with an error, a list, findings, a history."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.pages import filter_parts
from clinic.people.fields import BirthDateField
from clinic.people.models import Person


class ExampleForm(forms.Form):
    """One field of each look."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As in the ID document, surname first."),
    )
    birth_date = BirthDateField()
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=Person.Sex.choices,
        widget=forms.RadioSelect(attrs={"data-look": "segmented"}),
    )
    signs = forms.ChoiceField(
        label=gettext_lazy("How you sign"),
        choices=[("drawn", gettext_lazy("By hand")), ("typed", gettext_lazy("Type my name"))],
        widget=forms.RadioSelect,
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Way"),
        choices=[("video", gettext_lazy("video")), ("telephone", gettext_lazy("telephone"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    never_mail = forms.BooleanField(label=gettext_lazy("Never write mail"), required=False)


class ExampleFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name or email address"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("All")), ("open", gettext_lazy("open"))],
        required=False,
    )


FILLED = {
    "name": "江小滿",
    "birth_date": "2999-05-21",  # still to come: the field says so
    "sex": "female",
    "signs": "drawn",
    "channels": ["video"],
}


def examples(now: datetime) -> dict[str, Any]:
    """Return what the page's parts need to show themselves."""
    form = ExampleForm(FILLED)
    form.is_valid()
    return {
        "form": form,
        "filters": filter_parts(ExampleFilter()),
        "page_obj": Paginator(range(60), 25).page(2),
        "findings": _findings(),
        "tasks": _tasks(),
        "entries": _entries(now),
    }


def _findings() -> list[dict[str, str]]:
    return [
        {
            "state": "stop",
            "title": _("Consent signed and in force"),
            "detail": _("the consent form is not signed yet"),
            "clause": "G4.1",
            "action_url": "#main",
            "action_label": _("See to the consent form"),
        },
        {
            "state": "fix",
            "title": _("Crisis profile"),
            "detail": _("no call-back number"),
            "clause": "G5.2",
        },
        {"state": "go", "title": _("Practice licence in force"), "clause": "G1.1"},
        {"state": "none", "title": _("Training"), "detail": _("face to face"), "clause": "G1.2"},
    ]


def _tasks() -> list[dict[str, str]]:
    act = {"action_url": "#main", "action_label": _("Review")}
    return [
        {"state": "fix", "icon": "id", "title": _("Practice licence"), "detail": "2026-12-08"}
        | act,
        {"state": "stop", "icon": "file", "title": _("Consent form"), "detail": "江小滿"} | act,
    ]


def _entries(now: datetime) -> list[dict[str, Any]]:
    return [
        {"at": now, "text": _("Signed"), "who": "江小滿", "state": "go"},
        {"at": now - timedelta(minutes=9), "text": _("Sent"), "who": "江小滿"},
    ]
