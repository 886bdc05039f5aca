"""Forms about one's own account. They clean and word errors; they save nothing."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_PASSWORD = 500  # characters; a longer text only costs time to hash


def _password(label, autocomplete: str, **kwargs) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **kwargs
    )


class EmailForm(forms.Form):
    """An address, as the account has it."""

    email = forms.EmailField(
        label=_("Email"), max_length=254, widget=forms.EmailInput({"autocomplete": "username"})
    )


class SignInForm(EmailForm):
    """Address and password."""

    password = _password(_("Password"), "current-password")


class CodeForm(forms.Form):
    """A code of the authenticator app or, where ``recovery`` is set, a recovery code."""

    code = forms.CharField(label=_("Six-digit code"), max_length=40)

    def __init__(self, *args, recovery: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input"}
        if recovery:
            field.label = _("Recovery code")
            attrs = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        field.widget.attrs |= attrs


class NewPasswordForm(forms.Form):
    """A new password, typed twice. The address is there for the browser's password manager."""

    email = forms.EmailField(
        label=_("Email"), disabled=True, widget=forms.EmailInput({"autocomplete": "username"})
    )
    password = _password(_("New password"), "new-password")
    password_again = _password(_("New password, once more"), "new-password")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].initial = user.email
        self.fields["password"].help_text = _(
            "At least 12 characters; several words in a row are easy to keep in mind. "
            "No common password, and nothing like your name or address."
        )

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean_password_again(self) -> str:
        again = self.cleaned_data["password_again"]
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(_("This is not the same as above."), code="differs")
        return again


class ChangePasswordForm(NewPasswordForm):
    """A new password, for someone who knows the present one."""

    current_password = _password(_("Present password"), "current-password")
    field_order = ("email", "current_password", "password", "password_again")
