"""The signer's way: start, items, check, review and sign, what happens next."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from clinic.errors import Refused
from clinic.kernel.links import cookie
from clinic.people.birth_proof import HOLDER, is_locked, prove_birth_date
from consent import signing
from consent.client import steps
from consent.client.forms import AnswerForm, CheckForm, StartForm
from consent.client.scope import ClientForm, ClientPage
from consent.models import Answer, Understanding
from consent.moves import what_lacks
from consent.values import paper_steps


class StartPage(ClientPage, FormView):
    """Who asks, what for, how long, until when; then the birth date.

    Whoever asked for neutral letters reads who and what for behind the birth date only: with the
    mailbox another has this page, too. How it is signed stands here all the same (電子簽章法 §4).
    """

    needs_proof = False
    template_name = "consent/client/start.html"
    form_class = StartForm

    def get_form(self, *args: Any) -> StartForm:
        form = super().get_form(*args)
        # Agreed to once (電子簽章法 §4); and who fetches what is done signs nothing any more.
        if not self.consent.is_live or self.consent.electronic_at:
            del form.fields["electronic"], form.fields["language"]
        return form

    def form_valid(self, form: StartForm) -> HttpResponse:
        if not self._is_she(form.cleaned_data["birth_date"]):
            self.link.refresh_from_db()
            form.add_error("birth_date", _("This does not match what the clinic has on file."))
            return self.form_invalid(form)
        try:
            self._open(form)
        except Refused as refused:
            if self._waits():
                return self._ask_anew(form, refused)
            # What has ended is not opened; the next page says how it stands.
        return cookie.give(redirect(self._next()), self.link, proven=True)

    def _open(self, form: StartForm) -> None:
        signing.open_request(
            request=self.consent,
            electronic=form.cleaned_data.get("electronic", False),
            language=form.cleaned_data.get("language", ""),
            by=self.signer,
            now=self.now,
        )

    def _ask_anew(self, form: StartForm, refused: Refused) -> HttpResponse:
        """She agrees to the words that stand there now by a tick of her own."""
        form.add_error(None, str(refused))
        form.data = {name: value for name, value in form.data.items() if name != "electronic"}
        return self.form_invalid(form)

    def _waits(self) -> bool:
        self.consent.refresh_from_db()
        return self.consent.is_live and not self.consent.is_stranded

    def _is_she(self, born: date) -> bool:
        return prove_birth_date(
            link=self.link,
            person=self.signer,
            task="consent_locked",
            owner=self.consent.case.counsellor,
            born=born,
            by=HOLDER,
            now=self.now,
        )

    def get_template_names(self) -> list[str]:
        return ["consent/client/locked.html" if is_locked(self.link) else self.template_name]

    def _next(self) -> str:
        if self.consent.is_live:
            return steps.next_url(self.link.pk, steps.steps_of(self.consent))
        return reverse("consent_done", args=[self.link.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language, content = self.words(), self.consent.version.content
        return super().get_context_data(
            **({} if self.hides else self._named(language)),
            minutes=content["form"]["minutes"],
            electronic_text=content["electronic_form"][language],
            continue_url=self._next(),
            paper_text=paper_steps(self.consent, language),
            paper_url=reverse("consent_paper", args=[self.link.pk]),
            clinic_phone=self.phone,  # asked for only where it is shown
            **kwargs,
        )

    def _named(self, language: str) -> dict[str, Any]:
        """Who asks, for which documents, and what the psychologist still has to do."""
        papers = steps.documents_of(self.consent, self.link.pk, language)
        return {
            "asks": self.consent.case.counsellor.name,
            "titles": [self.consent.version.title(language), *(title for title, _url in papers)],
            "lacks": steps.lacking_words({"explanation"} & what_lacks(self.consent)),
        }


class ItemPage(ClientForm):
    """One item a screen; saved at each answer."""

    template_name = "consent/client/item.html"
    form_class = AnswerForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.number = kwargs["number"]
        return super().dispatch(request, *args, **kwargs)

    def _steps(self) -> list[steps.Step]:
        found = steps.steps_of(self.consent)
        if not 1 <= self.number <= len(found):
            raise Http404
        return found

    def act(self, form: AnswerForm) -> Answer:
        return signing.answer(
            request=self.consent,
            item=self._steps()[self.number - 1].item,
            **form.cleaned_data,
            by=self.signer,
            now=self.now,
        )

    def onward(self) -> HttpResponse:
        if self.request.headers.get("X-Keep"):
            return HttpResponse(status=204)  # saved at the tap; she stays on the page
        after = steps.steps_of(self.consent)
        return redirect(steps.next_url(self.link.pk, after, self.number))

    def _place(self, found: list[steps.Step]) -> dict[str, Any]:
        """Where this item stands among the others."""
        before = reverse("consent_item", args=[self.link.pk, self.number - 1])
        return {
            "number": self.number,
            "total": len(found),
            "ticks": ["now" if step.number == self.number else step.state for step in found],
            "previous_url": before if self.number > 1 else "",
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self._steps()
        step, easy = found[self.number - 1], "easy" in self.request.GET
        return super().get_context_data(
            **self._place(found),
            kind=step.item.kind,
            choices=steps.choices_for(step.item.kind),
            chosen=step.choice,
            question=step.question,
            easy=easy,
            attachments=steps.documents_of(self.consent, self.link.pk, self.words()),
            **steps.item_words(self.consent, step.item, self.words(), easy=easy),
            **kwargs,
        )


class CheckPage(ClientForm):
    """Two plain questions on the riskiest items; a wrong answer leads back to the item."""

    template_name = "consent/client/check.html"
    form_class = CheckForm

    def act(self, form: CheckForm) -> Understanding:
        return signing.check_understanding(
            request=self.consent, **form.cleaned_data, by=self.signer, now=self.now
        )

    def onward(self) -> HttpResponse:
        here = reverse("consent_check", args=[self.link.pk])
        done = not {"understanding"} & what_lacks(self.consent)
        return redirect(reverse("consent_review", args=[self.link.pk]) if done else here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intro, questions = steps.check_rows(self.consent, self.link.pk, self.words())
        answered = all(question["right"] for question in questions)
        review = reverse("consent_review", args=[self.link.pk])
        return super().get_context_data(
            intro=intro,
            questions=questions,
            continue_url=review if answered else "",
            previous_url=reverse("consent_item", args=[self.link.pk, 1]),
            **kwargs,
        )
