"""Forms of the client's pages."""

import json
import math
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.fields import DayField
from clinic.kernel.glyphs import printable, printable_lines
from consent.models import Answer, Signature

FARTHEST = 10_000_000  # pixels from the corner, and milliseconds: nearly three hours


class StartForm(forms.Form):
    """The birth date, and whether she reads and signs electronically (電子簽章法 §4)."""

    birth_date = DayField(
        label=_("Your date of birth"),
        help_text=_("So that we know it is you. Year, month and day, for example 1990-05-01."),
        widget=forms.TextInput(attrs={"autocomplete": "bday", "inputmode": "text"}),
    )
    electronic = forms.BooleanField(
        label=_("I agree to read and sign electronically"),
        error_messages={"required": _("Please tick this to go on here, or choose paper below.")},
    )
    language = forms.CharField(max_length=10, required=False)  # the one in which it was read


class AnswerForm(forms.Form):
    """One answer, with a question where she would like to ask first."""

    choice = forms.ChoiceField(
        choices=Answer.Choice.choices,
        error_messages={"required": _("Please choose one of the answers.")},
    )
    text = forms.CharField(max_length=2000, required=False, validators=[printable_lines])
    language = forms.CharField(max_length=10, required=False)  # the one in which it was read


class CheckForm(forms.Form):
    """One try at a check question."""

    question = forms.CharField(max_length=30)
    choice = forms.CharField(
        max_length=10, error_messages={"required": _("Please choose one of the answers.")}
    )


class SignForm(forms.Form):
    """A drawn signature or a typed name; both are worth the same."""

    method = forms.ChoiceField(choices=[(m, m.label) for m in Signature.ON_SCREEN])
    name = forms.CharField(max_length=100, required=False, validators=[printable])
    strokes = forms.CharField(max_length=200_000, required=False)
    language = forms.CharField(max_length=10, required=False)  # the one that was read
    shown = forms.CharField(max_length=64, required=False)  # the digest of what was read
    again = forms.CharField(max_length=100, required=False)  # the other name she was asked about

    def __init__(self, *args: Any, known_as: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.known_as = {_folded(name) for name in known_as}

    def clean_strokes(self) -> str:
        """Strokes are lists of points; anything else is not a signature."""
        text = self.cleaned_data["strokes"]
        if not text:
            return ""
        if not _are_strokes(text):
            raise forms.ValidationError(_("This signature cannot be read. Please sign again."))
        return text

    def clean(self) -> dict[str, Any]:
        """Keep only what belongs to the way she signs: a name typed, or strokes drawn."""
        data = super().clean()
        drawn, again = data.get("method") == Signature.Method.DRAWN, data.pop("again", "")
        if not drawn:
            self._ask_once_about_another_name(data.get("name", ""), again)
        return data | ({"name": ""} if drawn else {"strokes": ""})

    def _ask_once_about_another_name(self, name: str, again: str) -> None:
        """A slip of the finger would be sealed for good; who means it sends it once more."""
        if name and name != again and _folded(name) not in self.known_as:
            words = _("This is not the name on file. If it is right, press once more.")
            self.add_error("name", words)


def _folded(name: str) -> str:
    """A name as far as it matters: no spaces, hyphens or capitals, no other forms of one letter."""
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c.isalnum()).casefold()


def _are_strokes(text: str) -> bool:
    """Whether ``text`` is JSON of one stroke or more, each of one point or more."""
    try:
        strokes = json.loads(text)
    except (ValueError, RecursionError):
        return False
    lists = isinstance(strokes, list) and all(isinstance(s, list) and s for s in strokes)
    return bool(lists and strokes and all(_is_point(point) for s in strokes for point in s))


def _is_point(point: Any) -> bool:
    """A point is ``[x, y, milliseconds]``, each a number that can be drawn."""
    return isinstance(point, list) and len(point) == 3 and all(map(_is_number, point))


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and abs(value) < FARTHEST


class ReasonForm(forms.Form):
    """Why somebody declines; no reason is needed."""

    reason = forms.CharField(
        label=_("If you like, tell us why"),
        max_length=2000,
        required=False,
        validators=[printable_lines],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
