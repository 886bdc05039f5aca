"""The form of a note: one box a section. It may be kept unfinished."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.glyphs import printable_lines
from sessions.notes.sections import MOST, SECTIONS


class NoteForm(forms.Form):
    """Sections, and the revision that was shown when typing began.

    :param keeping: only the draft is kept, so nothing has to be filled in.
    """

    # A browser that goes back must not put the revision of other words beside those of the page.
    revision = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}), min_value=0
    )

    def __init__(self, *args: Any, keeping: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for section in SECTIONS:
            self.fields[section.key] = forms.CharField(
                label=section.label,
                help_text=section.help,
                required=section.required and not keeping,
                widget=forms.Textarea(attrs={"rows": 5}),
                error_messages={
                    "required": _("This part is needed before you sign."),
                    "max_length": _("A note can hold 200,000 characters."),
                },
                max_length=MOST,
                # A draft is kept as it is; what is signed can be printed to the last character.
                validators=[] if keeping else [printable_lines],
            )
            # A browser would cut what is pasted without a word; the form says it is too long.
            del self.fields[section.key].widget.attrs["maxlength"]

    @property
    def problems(self) -> list[str]:
        """What is wrong with the sections, in words, each once."""
        said = (error for section in SECTIONS for error in self.errors.get(section.key, ()))
        return list(dict.fromkeys(said))

    @property
    def values(self) -> dict[str, str]:
        """The sections as typed."""
        return {section.key: self.cleaned_data[section.key] for section in SECTIONS}


class AmendmentForm(forms.Form):
    """An addition or correction beside a signed note."""

    text = forms.CharField(
        label=_("Addition or correction"),
        max_length=20_000,
        validators=[printable_lines],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The signed note stays as it is; this stands beside it with your name."),
    )
