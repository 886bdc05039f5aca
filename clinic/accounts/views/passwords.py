"""Passwords: forgotten, set anew by a link, changed."""

from axes.utils import reset as forget_tries
from django.contrib.auth import authenticate, update_session_auth_hash
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.actions import ask_password_reset, change_password
from clinic.accounts.doors import holder
from clinic.accounts.forms import ChangePasswordForm, EmailForm, NewPasswordForm
from clinic.accounts.middleware import account_tried
from clinic.errors import Refused
from clinic.kernel import access
from clinic.kernel.actors import System
from clinic.kernel.links.models import Link
from clinic.kernel.pages import DetailPage, FormPage


class PasswordForgottenPage(FormPage):
    """Asks for a link. Answer and work are the same for every address."""

    policy = access.PUBLIC
    template_name = "accounts/password_forgotten.html"
    form_class = EmailForm
    title = _("Set a new password")
    intro = _(
        "We send a link to the address of your account. Two-step verification stays as it is."
    )
    submit_label = _("Send the link")
    success_url = reverse_lazy("password_asked")

    def act(self, form):
        email = form.cleaned_data["email"]
        ask_password_reset(email=email, by=System("accounts"), now=timezone.now())


class PasswordAskedPage(DetailPage):
    """What happens next, whether or not the address is known."""

    policy = access.PUBLIC
    template_name = "accounts/password_asked.html"


class LinkFormPage(FormPage):
    """A form behind an exchanged link; ``purpose`` is the one that opens it."""

    policy = access.LINK
    template_name = "accounts/bare_form.html"
    form_class = NewPasswordForm
    purpose: str

    def dispatch(self, request, *args, **kwargs):
        self.holder = holder(request, self.purpose, timezone.now())
        if self.holder is None:
            return render(request, "links/open_again.html", status=403)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.holder}


class NewPasswordPage(LinkFormPage):
    """Sets a password by the link of a reset. The second factor stays."""

    purpose = Link.Purpose.PASSWORD_RESET
    title = _("Set a new password")
    submit_label = _("Save the new password")
    saved_message = _("The new password is saved. Please sign in with it.")
    success_url = reverse_lazy("sign_in")

    def act(self, form):
        password = form.cleaned_data["password"]
        change_password(user=self.holder, password=password, by=self.holder, now=timezone.now())
        forget_tries(username=account_tried(self.request, {"username": self.holder.email}))


class ChangePasswordPage(FormPage):
    """Changes the password of someone who is signed in and knows the present one."""

    policy = access.STAFF
    template_name = "accounts/staff_form.html"
    form_class = ChangePasswordForm
    title = _("Change password")
    intro = _("Other browsers that are signed in with your account are signed out.")
    saved_message = _("The new password is saved.")
    success_url = reverse_lazy("account")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def act(self, form):
        user, data = self.request.user, form.cleaned_data
        known = authenticate(self.request, username=user.email, password=data["current_password"])
        if known != user:
            message = _("This is not your present password.")
            raise Refused("account.password", message, field="current_password")
        change_password(user=user, password=data["password"], by=user, now=timezone.now())
        update_session_auth_hash(self.request, user)
