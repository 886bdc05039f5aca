"""Signing in: the password, then the code; and signing out."""

import django_otp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.actions import note_sign_in
from clinic.accounts.forms import CodeForm, SignInForm
from clinic.accounts.middleware import start_clock
from clinic.accounts.next_page import next_page, with_next
from clinic.accounts.second_step import Check, check_code, device_of
from clinic.errors import Refused
from clinic.kernel import access
from clinic.kernel.pages import DoPage, FormPage

REFUSALS = {
    Check.WRONG: (
        "account.code",
        _("This code does not fit."),
        _("Each code works once. Please wait for the next one in the app."),
    ),
    Check.WAIT: (
        "account.code_wait",
        _("There were several wrong codes, so this one was not looked at."),
        _("Please wait a little, 15 minutes at most, and try again."),
    ),
}


WRONG_RECOVERY_CODE = (
    "account.recovery_code",
    _("This recovery code does not fit."),
    _("Each works once. Please compare every letter, or take the next one of your list."),
)


def ask_code(user, code: str, recovery: bool = False) -> None:
    """Check a one-time code of ``user``. Raises Refused, in words, unless it is right.

    :param recovery: a recovery code was asked for; the advice is another.
    """
    outcome = check_code(user=user, code=code, by=user, now=timezone.now())
    if outcome is Check.WRONG and recovery:
        raise Refused(*WRONG_RECOVERY_CODE, field="code")
    if outcome is not Check.OK:
        raise Refused(*REFUSALS[outcome], field="code")


class SignInPage(FormPage):
    """Email and password. Whatever is wrong, the answer is the same."""

    policy = access.PUBLIC
    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    title = _("Sign in")
    submit_label = _("Continue")
    extra_context = {
        "tries": settings.AXES_FAILURE_LIMIT,
        "minutes": round(settings.AXES_COOLOFF_TIME * 60),
    }

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.is_verified():
            return redirect(next_page(request))
        return super().dispatch(request, *args, **kwargs)

    def act(self, form):
        data = form.cleaned_data
        user = authenticate(self.request, username=data["email"], password=data["password"])
        if user is None:
            raise Refused(
                "account.sign_in",
                _("Email and password do not fit together."),
                _("Please check both, or set a new password."),
            )
        login(self.request, user)
        start_clock(self.request)

    def get_success_url(self):
        return with_next("second_step", next_page(self.request))


class SecondStepPage(FormPage):
    """The one-time code. One field takes the app's code or a recovery code.

    Who has a password but no app yet is told how to finish; a password alone never enrols one.
    """

    policy = access.PASSWORD
    template_name = "accounts/second_step.html"
    form_class = CodeForm
    title = _("Two-step verification")
    submit_label = _("Sign in")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_verified():
            return redirect(next_page(request))
        self.device = device_of(request.user)
        if self.device is None or not self.device.confirmed:
            return render(request, "accounts/unfinished.html", status=403)
        self.recovery = "recovery" in request.GET
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"recovery": self.recovery}

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["code"].widget.attrs["autofocus"] = True  # the page's only field
        return form

    def get_context_data(self, **kwargs):
        target = next_page(self.request)
        return super().get_context_data(target=target, recovery=self.recovery, **kwargs)

    def act(self, form):
        user = self.request.user
        ask_code(user, form.cleaned_data["code"], self.recovery)
        open_session(self.request, self.device)
        note_sign_in(user=user, by=user, now=timezone.now())

    def get_success_url(self):
        return next_page(self.request)


def open_session(request, device) -> None:
    """Note in the session that the second step was done, under a new session id."""
    django_otp.login(request, device)
    request.session.cycle_key()


class SignOut(DoPage):
    """Ends this browser's session; also where it has ended already."""

    policy = access.PUBLIC

    def act(self):
        logout(self.request)
        messages.info(self.request, _("You are signed out."))
        return reverse("sign_in")
