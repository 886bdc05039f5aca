"""Pages of the training log (G1.2)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from clinic.kernel.files.serving import download
from clinic.kernel.files.store import read_file
from clinic.kernel.pages import DoPage, FormPage, ListPage
from clinic.kernel.undo import offer_undo
from supervision import actions
from supervision.forms import TrainingForm
from supervision.models import TrainingEntry
from supervision.scope import OfTraining
from supervision.totals import totals_of


class TrainingList(OfTraining, ListPage):
    """What one practitioner learned, with sums."""

    template_name = "supervision/training.html"

    def get_queryset(self):
        return self.entries().on_file()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            member=self.member,
            totals=totals_of(self.member, timezone.localdate()),
            withdrawn=self.entries().withdrawn()[:50],
            own=self.member == self.request.user,
            **kwargs,
        )


class TrainingAdd(OfTraining, FormPage):
    title = _("Enter a training")
    form_class = TrainingForm
    saved_message = _("The training was entered.")

    def get_initial(self) -> dict[str, Any]:
        return {"day": timezone.localdate()}

    def act(self, form) -> TrainingEntry:
        return actions.add_training(
            practitioner=self.member.practitioner,
            values=form.values,
            proof=form.cleaned_data["proof"],
            by=self.request.user,
            now=timezone.now(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        whose = {"back_url": self.back(), "back_label": self.member.name}
        return super().get_context_data(**whose, **kwargs)


class TrainingWithdraw(OfTraining, DoPage):
    """Take an entry off the log; the next page offers the way back."""

    def act(self) -> str:
        entry = actions.withdraw_training(
            entry=self.entry(), by=self.request.user, now=timezone.now()
        )
        undo = reverse("training_restore", args=[self.member.pk, entry.pk])
        offer_undo(self.request, _("The training was taken off the log."), undo)
        return self.back()


class TrainingRestore(OfTraining, DoPage):
    def act(self) -> str:
        entry = actions.restore_training(
            entry=self.entry(), by=self.request.user, now=timezone.now()
        )
        undo = reverse("training_withdraw", args=[self.member.pk, entry.pk])
        offer_undo(self.request, _("The training counts again."), undo)
        return self.back()


class TrainingProof(OfTraining, View):
    """The certificate of one training, as a download."""

    html = False
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self.entry()
        if entry.proof is None:
            raise Http404
        name = f"{entry}{entry.proof.extension}"
        return download(read_file(entry.proof), kind=entry.proof.kind, name=name)
