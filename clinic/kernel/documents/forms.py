"""The form of the verify page."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from clinic.kernel.files.examine import too_large


class VerifyForm(forms.Form):
    """A PDF to check. It is looked at and forgotten, never kept."""

    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("The file is checked and not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": _("Please choose a file."),
            "missing": _("Please choose a file."),
            "empty": _("The file is empty. Please choose another."),
        },
    )

    def clean_file(self) -> UploadedFile:
        uploaded = self.cleaned_data["file"]
        if uploaded.size > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(str(too_large()), code="too_large")
        return uploaded
