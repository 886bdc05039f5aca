"""The client or case of an address: what the reader may not see is not there (404)."""

from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from clinic.cases.access import cases_visible_to, is_kept_by, people_visible_to, with_cases
from clinic.cases.models import Case
from clinic.kernel import access
from clinic.kernel.audit.actions import note_read
from clinic.people.models import EmergencyContact, Person


class NotedPage:
    """A page on one record: what the reader may not see is 404, whatever the method.

    Each time it is drawn is noted as a read, a refused form's too. A button draws nothing: what it
    does is noted itself.
    """

    policy = access.STAFF

    def subject(self) -> Person | Case:
        """Return the record that the reader sees. Raises Http404 where there is none."""
        raise NotImplementedError

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.subject()

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        note_read(subject=self.subject(), by=self.request.user, now=timezone.now())
        return super().render_to_response(context, **kwargs)


class OfClient(NotedPage):
    """A page of the client named in the address."""

    @cached_property
    def person(self) -> Person:
        people = people_visible_to(self.request.user)
        people = people.select_related("registered_town__county", "residence_town__county")
        people = with_cases(people, self.request.user)
        people = people.prefetch_related("emergency_contacts", "places__town__county")
        return get_object_or_404(people, pk=self.kwargs["pk"])

    def subject(self) -> Person:
        return self.person

    def get_success_url(self) -> str:
        return reverse("client", args=[self.person.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"back_url": self.get_success_url(), "back_label": self.person.name}
        kept = is_kept_by(self.person, self.request.user)
        return super().get_context_data(person=self.person, keeps=kept, **back | kwargs)


class OfContact(OfClient):
    """A page of one emergency contact of the client named in the address."""

    @cached_property
    def contact(self) -> EmergencyContact:
        return get_object_or_404(self.person.emergency_contacts, pk=self.kwargs["contact"])

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.contact.person = self.person


class OfCase(NotedPage):
    """A page of the case named in the address."""

    @cached_property
    def case(self) -> Case:
        seen = cases_visible_to(self.request.user)
        cases = seen.annotate(is_kept=Q(pk__in=seen.kept_by(self.request.user)))
        cases = cases.select_related("counsellor")
        cases = cases.prefetch_related("participants__person__emergency_contacts")
        return get_object_or_404(cases, pk=self.kwargs["pk"])

    def subject(self) -> Case:
        return self.case

    def get_success_url(self) -> str:
        return reverse("case", args=[self.case.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"back_url": self.get_success_url(), "back_label": self.case.code}
        return super().get_context_data(case=self.case, **back | kwargs)
