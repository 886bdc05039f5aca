"""The end of the signer's way: review, sign, print, what happens next; or another way out."""

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from django.views.generic import FormView, TemplateView

from clinic.accounts.next_page import next_page
from clinic.errors import Refused
from clinic.kernel.audit.actions import note_read
from clinic.kernel.files.serving import download
from clinic.kernel.files.store import read_file
from clinic.kernel.links.cookie import is_proven
from consent import signing
from consent.client import steps
from consent.client.forms import ReasonForm, SignForm
from consent.client.progress import coming, sealed_document, signed_at, state_words
from consent.client.scope import ClientForm, ClientPage, device_of
from consent.models import Signature, State
from consent.moves import what_lacks
from consent.paper.wish import may_wish
from consent.papers import sections_of
from consent.signed_evidence import digest_of_shown
from consent.values import paper_steps


class ReviewPage(ClientForm):
    """Everything as it will be signed; then the signature."""

    template_name = "consent/client/review.html"
    form_class = SignForm

    def get_form_kwargs(self) -> dict[str, Any]:
        known_as = [name for name in (self.signer.name, self.signer.name_roman) if name]
        return super().get_form_kwargs() | {"known_as": known_as}

    def act(self, form: SignForm) -> Signature:
        device = device_of(self.request) | {"link": self.link.pk}
        return signing.sign(
            request=self.consent,
            **form.cleaned_data,
            device=device,
            by=self.signer,
            now=self.now,
        )

    def onward(self) -> HttpResponse:
        return redirect("consent_done", link_id=self.link.pk)

    def _continue_url(self, lacking: set[str]) -> str:
        """Where only the clinic has something to do, "go on" would lead in a circle."""
        found = steps.steps_of(self.consent)
        hers = "understanding" in lacking or any(s.state in ("open", "later") for s in found)
        return steps.next_url(self.link.pk, found) if hers else ""

    def _read(self, language: str) -> dict[str, str]:
        """The words above the signature, with what the form sends along of them."""
        intro = steps.intro_text(self.consent, language)
        closing = steps.closing_text(self.consent, language)
        shown = digest_of_shown(self.signer.name, intro, closing)
        return {"intro": intro, "closing": closing, "shown": shown}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = self.words()
        lacking = what_lacks(self.consent) if self.consent.is_live else set()
        answers = steps.answer_rows(self.consent, self.link.pk, language)
        return super().get_context_data(
            answers=answers,
            documents=steps.documents_of(self.consent, self.link.pk, language),
            **self._read(language),
            lacks=steps.lacking_words(lacking, [row["state"] for row in answers]),
            continue_url=self._continue_url(lacking),
            decline_url=reverse("consent_decline", args=[self.link.pk]),
            print_url=reverse("consent_print", args=[self.link.pk]),
            **kwargs,
        )


class PrintPage(ClientPage, TemplateView):
    """All items with her answers, to print at once."""

    template_name = "consent/client/print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = self.words()
        return super().get_context_data(
            items=steps.answer_rows(self.consent, self.link.pk, language, full=True),
            intro=steps.intro_text(self.consent, language),
            closing=steps.closing_text(self.consent, language),
            title=self.consent.version.title(language),
            signed_at=signed_at(self.consent),
            sealed=sealed_document(self.consent),
            back_url=reverse(
                "consent_done" if signed_at(self.consent) else "consent_review", args=[self.link.pk]
            ),
            **kwargs,
        )


class ReadPage(ClientPage, TemplateView):
    """One attached document."""

    template_name = "consent/client/read.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            title, sections = sections_of(self.consent, kwargs["which"], self.words())
        except KeyError as error:
            raise Http404 from error
        back = reverse("consent_review", args=[self.link.pk])
        return super().get_context_data(title=title, sections=sections, back_url=back, **kwargs)


class DonePage(ClientPage, TemplateView):
    """Where the document stands, and what comes next."""

    template_name = "consent/client/done.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sealed = sealed_document(self.consent)
        return super().get_context_data(
            state_words=state_words(self.consent),
            signed_at=signed_at(self.consent),
            steps=coming(self.consent, sealed),
            download_url=reverse("consent_document", args=[self.link.pk]) if sealed else "",
            print_url=reverse("consent_print", args=[self.link.pk]),
            clinic_phone=self.phone() if self._calls_us() else "",
            **kwargs,
        )

    def _calls_us(self) -> bool:
        """Whether the page leaves her with nothing to do here but to speak with the clinic."""
        return self.consent.is_out_of_hand or self.consent.state == State.DECLINED


class DocumentPage(ClientPage, View):
    """The sealed PDF, behind the birth date."""

    html = False
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = sealed_document(self.consent)
        if document is None:
            raise Http404
        content = read_file(document.file)
        note_read(subject=document, by=self.signer, now=self.now)
        return download(content, kind=document.file.kind, name=f"{document.code}.pdf")


class WayOut(ClientPage, FormView):
    """Another way than signing here: paper, or not at all."""

    form_class = ReasonForm
    verb = None

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        with suppress(Refused):  # sent twice, or ended meanwhile: the next page says how it stands
            self.act(form.cleaned_data["reason"])
        return redirect("consent_done", link_id=self.link.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("consent_start", args=[self.link.pk])
        return super().get_context_data(back_url=back, **kwargs)


class DeclinePage(WayOut):
    template_name = "consent/client/decline.html"

    def act(self, reason: str) -> None:
        signing.decline(request=self.consent, reason=reason, by=self.signer, now=self.now)


class PaperPage(WayOut):
    """Paper has the same rank: nobody has to begin electronically to ask for it."""

    needs_proof = False
    template_name = "consent/client/paper.html"

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        response = super().form_valid(form)
        if is_proven(self.request, self.link):
            return response
        self.consent.refresh_from_db()
        if not self.consent.is_live:  # how it ended is for her alone
            return redirect("consent_start", link_id=self.link.pk)
        told = {"state_words": state_words(self.consent), "steps": coming(self.consent, None)}
        return render(self.request, "consent/client/done.html", self.get_context_data(**told))

    def act(self, reason: str) -> None:
        if may_wish(self.consent, self.actor):  # a wish that stands leaves no second trace
            signing.want_paper(request=self.consent, by=self.actor, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = paper_steps(self.consent, self.words())
        return super().get_context_data(paper_text=text, **kwargs)


class LanguageChoice(ClientPage, View):
    """Read and sign in the other language, and stay where one was; no answer is lost."""

    needs_proof = False
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = "en" if request.POST.get("language") == "en" else "zh-hant"
        if language != self.consent.language:
            self._choose(language)
        start, seen = reverse("consent_start", args=[self.link.pk]), next_page(request)
        return redirect(seen if seen.startswith(start) else start)

    def _choose(self, language: str) -> None:
        told = {"request": self.consent, "language": language}
        with suppress(Refused):  # what has ended stays in the language it was read in
            signing.choose_language(**told, by=self.actor, now=self.now)
