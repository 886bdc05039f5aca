"""The form field of every upload."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.files.examine import Content, examine, pixels

MOST_PIXELS = 200_000_000  # of all pictures of one form: drawing them anew takes a worker's time
ACCEPT = "application/pdf,image/png,image/jpeg,image/webp"


class UploadField(forms.FileField):
    """A file by type of its content; its clean value is ``Content``, ready for ``store``."""

    default_error_messages = {
        "required": _("Please choose a file."),
        "missing": _("Please choose a file."),
        "empty": _("The file is empty. Please choose another."),
        "invalid": _("The file did not arrive. Please choose it again."),
    }

    def widget_attrs(self, widget) -> dict[str, str]:
        return super().widget_attrs(widget) | {"accept": ACCEPT}

    def clean(self, data, initial=None) -> Content | None:
        uploaded = super().clean(data, initial)
        if not uploaded or isinstance(uploaded, Content):
            return uploaded
        try:
            return examine(uploaded)
        except Refused as refused:
            raise ValidationError(str(refused), code=refused.code) from refused


class UploadsInput(forms.ClearableFileInput):
    """Lets several files be chosen at once."""

    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several files in the order in which they were chosen; its clean value is their ``Content``."""

    widget = UploadsInput
    most = 30

    def clean(self, data, initial=None) -> list[Content]:
        files = data or [None]  # none chosen is said as for one file
        if len(files) > self.most:
            raise ValidationError(
                _("These are more than %(most)s files. Please put pages together in one PDF."),
                code="many",
                params={"most": self.most},
            )
        if sum(pixels(file) for file in files if file) > MOST_PIXELS:
            raise ValidationError(
                _("These pictures are too large together. Please make them smaller, or one PDF."),
                code="pixels",
            )
        return [super(UploadsField, self).clean(file, initial) for file in files]
