"""One's own account: what is kept of it, and what its owner can do herself."""

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts.actions import renew_recovery_codes, sign_out_everywhere
from clinic.accounts.forms import CodeForm
from clinic.accounts.second_step import RECOVERY_CODES, codes_left
from clinic.accounts.sign_ins import last_sign_ins
from clinic.accounts.views.sign_in import ask_code
from clinic.kernel import access
from clinic.kernel.pages import DetailPage, DoPage, FormPage


class AccountPage(DetailPage):
    """Name, roles, language, password, recovery codes, sign-ins."""

    policy = access.STAFF
    template_name = "accounts/account.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            codes_left=codes_left(user),
            codes_made=RECOVERY_CODES,
            sign_ins=last_sign_ins(user),
            **kwargs,
        )


class RecoveryCodesPage(FormPage):
    """Makes new recovery codes for someone who has a current code; shows them once."""

    policy = access.STAFF
    template_name = "accounts/staff_form.html"
    form_class = CodeForm
    title = _("New recovery codes")
    intro = _("You get ten new codes. The old ones stop working at once.")
    submit_label = _("Make new codes")
    success_url = reverse_lazy("account")

    def act(self, form):
        user = self.request.user
        ask_code(user, form.cleaned_data["code"])
        return renew_recovery_codes(user=user, by=user, now=timezone.now())

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.errors:
            return response
        return render(self.request, "accounts/new_codes.html", {"codes": self.done})


class SignOutEverywhere(DoPage):
    """Ends every session of the account, this one too."""

    policy = access.STAFF

    def act(self):
        user = self.request.user
        sign_out_everywhere(user=user, by=user, now=timezone.now())
        logout(self.request)
        messages.info(self.request, _("You are signed out everywhere."))
        return reverse("sign_in")
