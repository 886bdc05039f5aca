"""Forms of the paper path: what came back, and whether it agrees with what was entered."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.fields import DayField
from clinic.kernel.files.fields import UploadsField
from clinic.kernel.glyphs import printable_lines
from consent.check_questions import check_questions
from consent.models import Request, ReturnedPaper

SEGMENTED = forms.RadioSelect(attrs={"data-look": "segmented"})


class ReceiveForm(forms.Form):
    """A form that came back: how, of which day, what is ticked, and its scan."""

    came = forms.ChoiceField(
        label=_("How it came"), choices=ReturnedPaper.Came.choices, widget=SEGMENTED
    )
    signed_on = DayField(label=_("Date beside the signature"))
    disagreed = forms.MultipleChoiceField(
        label=_("Items that are not ticked as agreed to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all of them open where every item is ticked."),
    )
    whole = forms.BooleanField(
        label=_("All other items are ticked, and the form is signed and dated"),
        error_messages={
            "required": _("Please look at each item, the signature and the date, and tick this.")
        },
    )
    scan = UploadsField(
        label=_("Scan of every page"),
        help_text=_("One PDF, or a photo of each page in its order; 30 MB in all."),
    )

    def __init__(self, *args: Any, asked: Request, items: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["disagreed"].choices = items
        self.questions = check_questions(asked, "zh")
        for question in self.questions:
            self.fields[question.id] = forms.ChoiceField(
                label=question.text, choices=question.options, widget=forms.RadioSelect
            )

    @property
    def grouped(self) -> list[tuple]:
        """The form in the order in which one turns the pages."""
        told = [self["disagreed"], self["whole"]]
        asked = [self[question.id] for question in self.questions]
        return [
            (_("The paper"), "", [self["came"], self["signed_on"], self["scan"]]),
            (_("The items"), "", told),
            (_("The two questions"), _("As ticked, or as answered by voice."), asked),
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data: Mapping[str, Any] = self.cleaned_data
        plain = {name: data[name] for name in ("came", "signed_on", "disagreed", "scan")}
        return plain | {"understood": {q.id: data[q.id] for q in self.questions}}


class VerdictForm(forms.Form):
    """The second person's verdict on a paper form."""

    RIGHT, WRONG = "right", "wrong"
    verdict = forms.ChoiceField(
        label=_("Paper and entry"),
        choices=[(RIGHT, _("Everything agrees")), (WRONG, _("Something is not right"))],
        widget=SEGMENTED,
    )
    remark = forms.CharField(
        label=_("What is not right"),
        required=False,
        max_length=1000,
        validators=[printable_lines],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The psychologist reads it. The form then does not count."),
    )
