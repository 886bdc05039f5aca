"""The form under a start with a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.glyphs import printable_lines


class SeenForm(forms.Form):
    """What a supervisor says to it; saying nothing is an answer too, an empty request is none."""

    remark = forms.CharField(
        label=_("Your remark"),
        required=False,
        max_length=1000,
        validators=[printable_lines],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The psychologist reads it on the session's page."),
    )
    seen = forms.BooleanField(widget=forms.HiddenInput, initial=True)
