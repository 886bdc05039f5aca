"""The member of staff or the approval of an address, and what pages choose from.

What the reader may not see is not there (404).
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from clinic.accounts.models import User
from clinic.kernel import access
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.roles import PSYCHOLOGISTS, Role
from clinic.staff.models import Approval, ApprovedPerson, Credential, Oversight, Practitioner

ADMIN = access.roles(Role.ADMIN)


class OfMember:
    """A page about the member of staff in the address."""

    policy = ADMIN

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = User.objects.listed().visible_to(request.user)
        self.member = get_object_or_404(visible, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        whose = {"back_url": self.back(), "back_label": self.member.name}
        return super().get_context_data(**whose | kwargs)

    def back(self) -> str:
        return reverse("member", args=[self.member.pk])

    get_success_url = back


class OfApproval:
    """A page about the approval of the address."""

    policy = ADMIN

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.approval = get_object_or_404(approvals(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        which = {"back_url": self.back(), "back_label": self.approval.number}
        return super().get_context_data(**which | kwargs)

    def back(self) -> str:
        return reverse("approval", args=[self.approval.pk])

    get_success_url = back


def members(asked: dict[str, Any]) -> QuerySet[User]:
    """Return the staff that the filters ask for: ``state``, ``q``, ``role``."""
    found = User.objects.listed().in_state(asked.get("state", ""))
    if text := asked.get("q"):
        found = found.found_by(text)
    return found.having(asked["role"]) if asked.get("role") else found


def psychologists() -> QuerySet[User]:
    """Return open accounts of psychologists, by name; an intern is none yet."""
    return User.objects.with_role(*PSYCHOLOGISTS).order_by("name")


def messages_to(member: User, most: int = 5) -> list[Outbox]:
    """Return the newest messages to a member of staff."""
    return list(Outbox.objects.addressed_to(member.actor_label)[:most])


def credential_or_404(member_id: int, pk: int) -> Credential:
    """Return a credential of this member, withdrawn ones too."""
    return get_object_or_404(Credential, pk=pk, practitioner__user=member_id)


def oversight_or_404(member: User, pk: int) -> Oversight:
    """Return an oversight over this member, with both names."""
    return get_object_or_404(Oversight.objects.with_names(), pk=pk, overseen=member)


def approvals() -> QuerySet[Approval]:
    """Return all approvals with county and premises."""
    return Approval.objects.with_places()


def approvals_in(asked: dict[str, Any], today: date) -> QuerySet[Approval]:
    """Return the approvals that the filters ask for: ``q``, ``state``."""
    found = approvals()
    if text := asked.get("q"):
        found = found.found_by(text)
    return found.in_force_on(today) if asked.get("state") == "today" else found


def people_of(approval: Approval) -> QuerySet[ApprovedPerson]:
    """Return whom an approval names."""
    return ApprovedPerson.objects.named_in(approval)


def practitioners() -> QuerySet[Practitioner]:
    """Return practitioners with an open account."""
    return Practitioner.objects.working()
