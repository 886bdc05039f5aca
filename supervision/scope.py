"""Whose training log an address names: an administrator sees all, everybody her own (else 404)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from clinic.accounts.models import User
from clinic.kernel import access
from supervision.models import TrainingEntry, TrainingQuerySet


class OfTraining:
    """A page on the training log of the member of staff in the address."""

    policy = access.STAFF

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = User.objects.practitioners().listed().visible_to(request.user)
        self.member = get_object_or_404(visible, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def entries(self) -> TrainingQuerySet:
        """Return the whole log of the member, also what was taken off."""
        return TrainingEntry.objects.of_member(self.member)

    def entry(self) -> TrainingEntry:
        """Return the entry that the address names."""
        return get_object_or_404(self.entries().with_member(), pk=self.kwargs["training"])

    def back(self) -> str:
        return reverse("training_list", args=[self.member.pk])

    get_success_url = back
