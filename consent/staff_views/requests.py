"""The psychologist's pages on a consent request."""

import json
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.kernel import access
from clinic.kernel.glyphs import printable_lines
from clinic.kernel.pages import DetailPage, DoPage, FormPage
from clinic.kernel.roles import CLINICAL
from clinic.people.safe_contact import safe_contact_words
from consent import actions
from consent.access import mails_of
from consent.client.progress import sealed_document
from consent.client.steps import steps_of
from consent.dead_links import locked_at, locked_link, needs_new_link
from consent.ended import deal_with, may_be_done
from consent.explained import unexplained
from consent.longer import give_longer, has_link
from consent.models import MOVES, OVER, Explanation, Request, State
from consent.moves import what_lacks
from consent.paper.blank import form_of
from consent.paper.wish import wished_with_the_mail_alone
from consent.staff_views.scope import OfRequest, case_or_404, question_or_404
from consent.values import outdated, statement_of

# What still lacks, said to staff; the client reads the same in her own words.
LACKS = {
    "answers": _("Not every item is agreed to yet."),
    "questions": _("A question is still open."),
    "understanding": _("The two short questions are not answered yet."),
    "explanation": _("The explanation is not recorded yet."),
}


def _open_ends_of(request: Request) -> dict[str, Any]:
    """What stands between it and a signature, what is another since it was sent, a locked link."""
    left = unexplained(request)
    words = dict(LACKS)
    if left and request.explanations.exists():
        words["explanation"] = _("Not gone through yet: %(items)s") % {"items": ", ".join(left)}
    lacking = what_lacks(request) if request.is_live else set()
    return {
        "lacks": [words[key] for key in words if key in lacking],
        "outdated": outdated(request) if request.is_live else [],
        "explained": not left,
        **_lock_of(request),
    }


class SendDo(DoPage):
    """Send the consent request from a case."""

    policy = access.roles(*CLINICAL)

    def act(self) -> str:
        case = case_or_404(self.request.user, self.kwargs["case"])
        made = actions.send_request(case=case, by=self.request.user, now=timezone.now())
        return reverse("consent_request", args=[made.pk])

    def back(self) -> str:
        return reverse("case", args=[self.kwargs["case"]])


class RequestPage(OfRequest, DetailPage):
    """Where a request stands, in plain words, with the one next step."""

    template_name = "consent/request.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.consent
        return super().get_context_data(
            consent=request,
            statement=partial(statement_of, request),  # asked for only where it is shown
            safe_words=safe_contact_words(request.signer),
            **_what_may_be_done(request, self.request.user),
            **_history_of(request, timezone.now()),
            **_open_ends_of(request),
            **_documents_of(request),
            **_sending_of(request),
            **kwargs,
        )


def _what_may_be_done(request: Request, user: Any) -> dict[str, bool]:
    """Hers to go on with; to revoke, even in a closed case; waiting for what a closed case stops."""
    hers = request.case.counsellor_id == user.pk
    closed = request.case.closed_at is not None
    waits = request.is_live or request.state == State.SIGNED
    return {
        "mine": hers and not closed,
        "revocable": hers and State.REVOKED in MOVES[request.state],
        "may_be_done": may_be_done(request),
        "unsignable": closed and waits,
    }


def _lock_of(request: Request) -> dict[str, Any]:
    """Whether five wrong birth dates locked its link, and since when, while it may be opened."""
    over = request.state in OVER and request.state != State.EXPIRED
    link = None if over or request.case.closed_at else locked_link(request)
    return {
        "locked": link is not None,
        "locked_at": link and locked_at(link),
        "dead": needs_new_link(request, timezone.now()),
    }


def _signed(request: Request) -> dict[str, str]:
    """How she signed, and under which name: whoever countersigns sees it before. Empty for not yet."""
    if request.state not in (State.SIGNED, State.COUNTERSIGNED):
        return {}
    signature = request.signature
    typed = json.loads(signature.evidence)["signature"]["name"]
    return {"how": signature.get_method_display(), "typed": typed}


def _history_of(request: Request, now: datetime) -> dict[str, Any]:
    return {
        "signed": _signed(request),
        "steps": steps_of(request),
        "questions": request.questions.select_related("item").order_by("-asked_at"),
        "explanations": request.explanations.select_related("by"),
        "events": request.events.order_by("-number"),
        "mails": [(row, *row.status(now)) for row in mails_of(request)],
    }


def _documents_of(request: Request) -> dict[str, Any]:
    """The sealed document; on paper the form to print, what came back, its scan."""
    paper = request.returned_paper
    return {
        "document": sealed_document(request),
        "printed": form_of(request),
        "wished_alone": request.on_paper and wished_with_the_mail_alone(request),
        "paper": paper,
        "scan": paper.pages.select_related("file") if paper else [],
        "overtaken": request.is_overtaken,
        "under_age": request.state == State.SIGNED and request.signature.is_under_age,
    }


def _sending_of(request: Request) -> dict[str, Any]:
    """Whether the signer may be mailed, and the link that was mailed may work longer."""
    waits = request.is_live or request.state == State.EXPIRED
    return {
        "reachable": request.signer.email and request.signer.may_be_mailed,
        "may_be_longer": waits and has_link(request),
    }


class _RequestDo(OfRequest, DoPage):
    """A button on a request."""

    def act(self) -> str:
        self.do(self.request.user, timezone.now())
        return self.back()


class ResendDo(_RequestDo):
    def do(self, by, now) -> None:
        actions.resend(request=self.consent, by=by, now=now)


class NewLinkDo(_RequestDo):
    def do(self, by, now) -> None:
        actions.resend(request=self.consent, new_link=True, by=by, now=now)


class ProlongDo(_RequestDo):
    def do(self, by, now) -> None:
        give_longer(request=self.consent, by=by, now=now)


class RevokeDo(_RequestDo):
    def do(self, by, now) -> None:
        actions.revoke(request=self.consent, by=by, now=now)


class DealtWithDo(_RequestDo):
    def do(self, by, now) -> None:
        deal_with(request=self.consent, by=by, now=now)


class CountersignDo(_RequestDo):
    def do(self, by, now) -> None:
        actions.countersign(request=self.consent, by=by, now=now)


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("to a question", "Your answer"),
        max_length=3000,
        validators=[printable_lines],
        widget=forms.Textarea,
        help_text=_("The client reads it on the page of the item; a mail tells her."),
    )


class ReplyPage(OfRequest, FormPage):
    title = _("Answer a question")
    form_class = ReplyForm
    submit_label = _("Send the answer")
    template_name = "consent/reply.html"

    def act(self, form) -> None:
        question = question_or_404(self.consent, self.kwargs["question"])
        text = form.cleaned_data["text"]
        actions.reply(question=question, text=text, by=self.request.user, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = question_or_404(self.consent, self.kwargs["question"])
        return super().get_context_data(question=question, **kwargs)


class ExplainForm(forms.Form):
    """When, how, and which items were explained: none is ticked beforehand (G4.2)."""

    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Taipei time."),
    )
    channel = forms.ChoiceField(
        label=_("How"),
        choices=Explanation.Channel.choices,
        widget=forms.RadioSelect(attrs={"data-look": "segmented"}),
    )
    items = forms.MultipleChoiceField(
        label=_("Items you went through"),
        widget=forms.CheckboxSelectMultiple(attrs={"data-all": "yes"}),
        error_messages={"required": _("Please tick the items that you went through.")},
    )

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = items


class ExplainPage(OfRequest, FormPage):
    """Record the explanation (G4.2): before the link was sent or after."""

    title = _("Record the explanation")
    intro = _("You explained the form, went through the items and confirmed understanding.")
    form_class = ExplainForm

    def _items(self) -> list[tuple[str, str]]:
        return [
            (step.item.code, f"{step.item.code} {step.item.title}")
            for step in steps_of(self.consent)
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"items": self._items()}

    def get_initial(self) -> dict[str, Any]:
        return {"at": timezone.localtime()}

    def act(self, form) -> Explanation:
        return actions.record_explanation(
            request=self.consent,
            **form.cleaned_data,
            by=self.request.user,
            now=timezone.now(),
        )
