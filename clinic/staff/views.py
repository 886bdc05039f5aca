"""Pages about staff: the list, one member's file, its parts."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.accounts import actions as account_actions
from clinic.accounts.models import User
from clinic.accounts.second_step import check_code
from clinic.kernel import access
from clinic.kernel.audit.history import entries_about
from clinic.kernel.audit.models import AuditQuerySet
from clinic.kernel.columns import columns_for
from clinic.kernel.pages import DetailPage, DoPage, FormPage, HistoryPage, ListPage
from clinic.staff import actions
from clinic.staff.documents import request_register
from clinic.staff.forms import (
    CredentialForm,
    InvitedAddressForm,
    InviteForm,
    MemberForm,
    OversightEndForm,
    OversightForm,
    StaffFilter,
)
from clinic.staff.models import Credential, Oversight
from clinic.staff.qualification import findings_on
from clinic.staff.rows import member_file, member_rows
from clinic.staff.scope import (
    ADMIN,
    OfMember,
    credential_or_404,
    members,
    messages_to,
    oversight_or_404,
    psychologists,
)

INVITED = _("A mail with a new link is on its way.")


class StaffList(ListPage):
    """Everybody, and who may be booked for a tele-session on a day."""

    policy = ADMIN
    template_name = "staff/list.html"
    filter_form = StaffFilter

    def get_queryset(self):
        return members(self.get_filters())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        now = timezone.now()
        ahead = int(self.filters.cleaned_data.get("day") or 0)
        day = timezone.localdate(now) + timedelta(days=ahead)
        shown = list(context["object_list"])
        columns = columns_for("staff", shown, self.request.user, now)
        rows = member_rows(shown, findings_on(shown, day, now), columns, day)
        return context | {"rows": rows, "columns": columns, "day": day}


class RegisterDo(DoPage):
    """Make the sealed register of staff and approvals."""

    policy = ADMIN

    def act(self) -> str:
        made = request_register(by=self.request.user, now=timezone.now())
        return reverse("document", args=[made.code])

    def back(self) -> str:
        return reverse("staff_list")


class InvitePage(FormPage):
    policy = ADMIN
    title = _("Invite to the staff")
    intro = _("A mail with a link follows. The link is for this person alone and lasts seven days.")
    form_class = InviteForm
    submit_label = _("Send the invitation")

    def get_success_url(self) -> str:
        return (
            reverse("member", args=[self.done.pk])
            if hasattr(self, "done")
            else reverse("staff_list")
        )

    def act(self, form) -> User:
        data = form.cleaned_data
        account = {name: data[name] for name in ("email", "name", "roles", "language")}
        return actions.invite_member(
            **account, practice=form.practice, by=self.request.user, now=timezone.now()
        )


class MemberPage(OfMember, DetailPage):
    """One file: for administrators, and for the person herself to read."""

    policy = access.STAFF
    template_name = "staff/member.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        today = timezone.localdate(now)
        findings = findings_on([self.member], today, now)[self.member.pk]
        return super().get_context_data(
            member=self.member,
            file=member_file(self.member, today),
            findings=findings,
            messages_sent=[(row, *row.status(now)) for row in messages_to(self.member)],
            was_set_up=account_actions.was_set_up(self.member),
            today=today,
            **kwargs,
        )


class MemberHistory(OfMember, HistoryPage):
    def entries(self) -> AuditQuerySet:
        return entries_about(self.member).exclude(verb=check_code.verb)


class MemberChange(OfMember, FormPage):
    of_record = True
    title = _("Change name, roles and kind of practitioner")
    form_class = MemberForm
    saved_message = _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        known = getattr(self.member, "practitioner", None)
        names = ("kind", "languages", "guideline_followed")
        practice = {n: getattr(known, n) for n in names} if known else {}
        return {"name": self.member.name, "roles": self.member.roles} | practice

    def act(self, form) -> None:
        data, by, now = form.cleaned_data, self.request.user, timezone.now()
        actions.change_member(
            user=self.member,
            name=data["name"],
            roles=data["roles"],
            practice=form.practice,
            by=by,
            now=now,
        )


class AddressPage(OfMember, FormPage):
    """Another address for an invitation, as long as nobody set the account up."""

    of_record = True
    title = _("Correct the address")
    intro = _(
        "The invitation is mailed to the new address; the link that was mailed before ends at once."
    )
    form_class = InvitedAddressForm
    saved_message = INVITED

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.member.email}

    def act(self, form) -> User:
        email, now = form.cleaned_data["email"], timezone.now()
        return account_actions.correct_address(
            user=self.member, email=email, by=self.request.user, now=now
        )


class CredentialPage(OfMember, FormPage):
    """Add a credential, or change the one of the address."""

    of_record = True
    title = _("Certificate or licence")
    form_class = CredentialForm
    saved_message = _("Saved.")

    def dispatch(self, request, *args: Any, **kwargs: Any) -> HttpResponse:
        number = kwargs.get("credential")
        self.row = credential_or_404(kwargs["pk"], number) if number else Credential()
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return self.row.form_values() if self.row.pk else {"kind": "practice_licence"}

    def act(self, form) -> Credential:
        if not self.row.pk:
            self.row.practitioner = actions.practitioner_of(self.member)
        return actions.save_credential(
            credential=self.row, values=form.values, by=self.request.user, now=timezone.now()
        )


class CredentialDo(OfMember, DoPage):
    """Take a credential off the file, or put it back."""

    verb = None

    def act(self) -> str:
        row = credential_or_404(self.member.pk, self.kwargs["credential"])
        self.verb(credential=row, by=self.request.user, now=timezone.now())
        return self.back()


class OversightPage(OfMember, FormPage):
    title = _("Add a supervisor")
    form_class = OversightForm
    saved_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        overseers = psychologists().exclude(pk=self.member.pk)
        return super().get_form_kwargs() | {"overseers": overseers}

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def act(self, form) -> Oversight:
        data = form.cleaned_data
        return actions.add_oversight(
            overseen=self.member,
            overseer=data["overseer"],
            kind=data["kind"],
            period=form.period,
            by=self.request.user,
            now=timezone.now(),
        )


class OversightEnd(OfMember, FormPage):
    title = _("End the supervision")
    form_class = OversightEndForm
    saved_message = _("Saved.")

    @cached_property
    def row(self) -> Oversight:
        return oversight_or_404(self.member, self.kwargs["oversight"])

    @property
    def intro(self) -> str:
        words = {"name": self.row.overseer.name, "kind": self.row.get_kind_display()}
        return gettext("Supervised by %(name)s (%(kind)s)") % words

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": max(timezone.localdate(), self.row.starts_on)}

    def act(self, form) -> Oversight:
        last_day, now = form.cleaned_data["last_day"], timezone.now()
        return actions.end_oversight(
            oversight=self.row, last_day=last_day, by=self.request.user, now=now
        )


class AccountDo(OfMember, DoPage):
    """One verb on the account: invite again, close, reopen, reset the second step."""

    verb = None
    done_message = ""

    def act(self) -> str:
        self.verb(user=self.member, by=self.request.user, now=timezone.now())
        messages.success(self.request, self.done_message)
        return self.back()


VERBS = {
    "invite-again": (account_actions.invite_again, INVITED),
    "close": (account_actions.close_account, _("The account is closed.")),
    "reopen": (account_actions.reopen_account, _("The account is open again.")),
    "reset-second-step": (account_actions.reset_second_step, INVITED),
}
