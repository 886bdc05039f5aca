"""Forms of cases, and the filters of the lists of clients and cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.cases.age_floor import FloorNotice
from clinic.kernel.glyphs import printable_lines
from clinic.kernel.list_filters import fields_of
from clinic.people.forms import PersonForm

REASON_LENGTH = 200


class NewClientForm(PersonForm):
    """A new client. Where one of this name and birth date is on file, it asks whether it is another."""

    another = forms.BooleanField(
        label=_("It is another person with the same name and birth date"), required=False
    )

    @property
    def grouped(self) -> list[tuple]:
        (title, words, fields), *rest = super().grouped
        asked = "another" in self.errors or self["another"].value()
        return [(title, words, [*fields, self["another"]] if asked else fields), *rest]

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "another"}


class CaseOpenForm(forms.Form):
    """Opening an individual case. Under the minimum age it asks for one explicit confirmation."""

    in_person_only = forms.BooleanField(
        label=_("Open this case for face-to-face counselling only"),
        error_messages={
            "required": _("Please confirm it, or do not open the case."),
        },
    )

    def __init__(self, *args: Any, notice: FloorNotice | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not (notice and notice.under):
            del self.fields["in_person_only"]


class CaseCloseForm(forms.Form):
    """Why a case is closed."""

    reason = forms.CharField(
        label=_("Reason for closing"),
        max_length=REASON_LENGTH,
        validators=[printable_lines],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence, such as: goals reached, or referred. No clinical detail."),
    )


class ClientFilter(forms.Form):
    """Search and filters of the list of clients."""

    STATES = (
        ("", _("all")),
        ("open", _("with an open case")),
        ("none", _("without a case")),
        ("closed", _("closed")),
    )
    SORTS = (("name", _("name")), ("newest", _("newest first")))

    q = forms.CharField(
        label=_("Name, or the whole ID number or email"), max_length=254, required=False
    )
    state = forms.ChoiceField(label=_("Case"), choices=STATES, required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        added = fields_of("clients")
        self.fields |= added
        self.order_fields(["q", "state", *added, "sort"])


class CaseFilter(forms.Form):
    """Search and filters of the list of cases."""

    STATES = (("", _("all")), ("open", _("open")), ("closed", _("closed")))

    q = forms.CharField(label=_("Case code or client"), max_length=254, required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    counsellor = forms.TypedChoiceField(
        label=_("Psychologist"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, counsellors: list, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if len(counsellors) > 1:
            names = [(user.pk, user.name) for user in counsellors]
            self.fields["counsellor"].choices = [("", _("all")), *names]
        else:
            del self.fields["counsellor"]


class HistoryFilter(forms.Form):
    """Whether a history shows who only looked."""

    SHOWN = (("", _("changes")), ("all", _("changes, and who looked")))

    show = forms.ChoiceField(label=_("Show"), choices=SHOWN, required=False)
