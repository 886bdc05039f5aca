"""Setting an account up: the password, the authenticator app, the recovery codes."""

from io import BytesIO

import segno
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from clinic.accounts.actions import confirm_device, join
from clinic.accounts.doors import mark_enrolling, may_enrol
from clinic.accounts.forms import CodeForm
from clinic.accounts.middleware import start_clock
from clinic.accounts.next_page import HOME
from clinic.accounts.second_step import device_of, otpauth_url
from clinic.accounts.views.passwords import LinkFormPage
from clinic.accounts.views.sign_in import open_session
from clinic.kernel import access
from clinic.kernel.links.models import Link
from clinic.kernel.pages import FormPage

BACKEND = "clinic.accounts.backend.AccountBackend"


class JoinPage(LinkFormPage):
    """First step: the password. The session that begins here may enrol an app."""

    purpose = Link.Purpose.INVITATION
    title = _("Set up your account")
    intro = _("First a password, then the authenticator app on your phone.")
    submit_label = _("Continue")
    success_url = reverse_lazy("enrol")

    def act(self, form):
        password = form.cleaned_data["password"]
        join(user=self.holder, password=password, by=self.holder, now=timezone.now())
        login(self.request, self.holder, backend=BACKEND)
        start_clock(self.request)
        mark_enrolling(self.request)


class EnrolPage(FormPage):
    """Second step: scan, type the first code, keep the recovery codes, which are shown once."""

    policy = access.PASSWORD
    template_name = "accounts/enrol.html"
    form_class = CodeForm
    title = _("Connect your authenticator app")
    submit_label = _("Finish")
    success_url = HOME

    def dispatch(self, request, *args, **kwargs):
        self.device = device_of(request.user)
        enrols = self.device and not self.device.confirmed and may_enrol(request, timezone.now())
        if not enrols:
            return redirect("second_step")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        key = self.device.key
        return super().get_context_data(
            otpauth=otpauth_url(self.device),
            key=" ".join(key[i : i + 4] for i in range(0, len(key), 4)),
            **kwargs,
        )

    def act(self, form):
        user = self.request.user
        codes = confirm_device(
            user=user, code=form.cleaned_data["code"], by=user, now=timezone.now()
        )
        open_session(self.request, device_of(user))
        return codes

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.errors:
            return response
        return render(self.request, "accounts/first_codes.html", {"codes": self.done})


class EnrolQr(View):
    """The QR code of the session's own app, until it is confirmed."""

    policy = access.PASSWORD
    html = False
    http_method_names = ["get", "head", "options"]

    def get(self, request):
        device = device_of(request.user)
        if device is None or device.confirmed or not may_enrol(request, timezone.now()):
            raise Http404
        picture = BytesIO()
        segno.make(otpauth_url(device), error="m").save(picture, kind="svg", border=1, scale=8)
        return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
