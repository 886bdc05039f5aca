"""The consent request of an address: seen by whoever sees its case, 404 for everybody else."""

from functools import cached_property

from django.shortcuts import get_object_or_404
from django.urls import reverse

from clinic.cases.access import cases_visible_to
from clinic.cases.models import Case
from clinic.clients.scope import NotedPage
from consent.access import requests_visible_to
from consent.models import Question, Request


class OfRequest(NotedPage):
    """A page on one consent request; each time it is drawn is noted as a read of the case."""

    @cached_property
    def consent(self) -> Request:
        return get_object_or_404(requests_visible_to(self.request.user), pk=self.kwargs["pk"])

    def subject(self) -> Case:
        return self.consent.case

    def back(self) -> str:
        return reverse("consent_request", args=[self.consent.pk])

    get_success_url = back


def case_or_404(user, pk: int) -> Case:
    """Return a case that ``user`` sees."""
    return get_object_or_404(cases_visible_to(user), pk=pk)


def question_or_404(request: Request, pk: int) -> Question:
    """Return a question of ``request``, open or not."""
    return get_object_or_404(request.questions.select_related("item", "request"), pk=pk)
