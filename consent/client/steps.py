"""What the client pages show: the items with their words, the answers, what still lacks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.kernel.letters import fill
from consent.check_questions import check_questions
from consent.models import Answer, FormItem, Question, Request
from consent.values import closing_values


@dataclass(frozen=True)
class Step:
    """One item as the signer meets it. ``choice`` is empty until she answers."""

    number: int
    item: FormItem
    choice: str
    question: Question | None

    @property
    def state(self) -> str:
        """``done``, ``ask``, ``no``, ``later`` or ``open``."""
        if self.choice == Answer.Choice.AGREE:
            return "done"
        return {"ask": "ask", "disagree": "no", "later": "later"}.get(self.choice, "open")

    @property
    def tone(self) -> str:
        """The colour of the answer for staff."""
        return {"done": "go", "ask": "fix", "no": "stop"}.get(self.state, "none")

    @property
    def words(self) -> str:
        """The answer in words; a notice is understood, not agreed to."""
        if (self.choice, self.item.kind) == (Answer.Choice.AGREE, FormItem.Kind.NOTICE):
            return _("understood")
        return str(dict(Answer.Choice.choices).get(self.choice, _("not answered")))


def steps_of(request: Request) -> list[Step]:
    """Return every step in order, with three queries."""
    answers = {row.item_id: row.choice for row in request.answers.all()}
    questions = {q.item_id: q for q in request.questions.filter(closed_at=None)}
    return [
        Step(number, item, answers.get(item.pk, ""), questions.get(item.pk))
        for number, item in enumerate(request.asked_items(), start=1)
    ]


def next_url(link_id: int, steps: list[Step], after: int = 0) -> str:
    """Return the next page: the first step without an answer past ``after``, else the check."""
    waiting = [step.number for step in steps if step.state in ("open", "later")]
    later = [number for number in waiting if number > after]
    if later or (waiting and not after):
        return reverse("consent_item", args=[link_id, (later or waiting)[0]])
    return reverse("consent_check", args=[link_id])


def item_words(request: Request, item: FormItem, language: str, *, easy: bool) -> dict[str, str]:
    """Return title, text, easy text and the reason of an item, filled in for this signer."""
    words = request.words(language)
    said = {
        "title": item.texts[f"title_{language}"],
        "text": item.wording(language),
        "easy_text": item.wording(language, easy=True) if easy else "",
        "why": item.texts.get(f"why_{language}", ""),
    }
    return {name: fill(text, words) for name, text in said.items()}


def choices_for(kind: str) -> list[tuple[str, Any, Any]]:
    """Return (value, label, hint): agreeing and refusing in the same tone."""
    if kind == FormItem.Kind.NOTICE:
        first = (Answer.Choice.AGREE, _("I understand"), "")
    else:
        first = (Answer.Choice.AGREE, _("I understand and agree"), "")
    ask = (
        Answer.Choice.ASK,
        _("I would like to ask first"),
        _("Write your question; you can go on with the others."),
    )
    no = (
        Answer.Choice.DISAGREE,
        _("I do not agree to this item for now"),
        _("Your psychologist will talk with you about another way."),
    )
    later = (Answer.Choice.LATER, _("Come back to this later"), "")
    return [first, ask, later] if kind == FormItem.Kind.NOTICE else [first, ask, no, later]


def check_rows(request: Request, link_id: int, language: str) -> tuple[str, list[dict]]:
    """Return the introduction and the two questions with what was tried last."""
    tried = {row.question: row for row in request.understandings.order_by("at")}
    numbers = {step.item.code: step.number for step in steps_of(request)}
    found = []
    for asked in check_questions(request, language):
        last = tried.get(asked.id)
        found.append(
            {
                "id": asked.id,
                "text": asked.text,
                "options": asked.options,
                "chosen": last.choice if last else "",
                "feedback": asked.feedback[last.right] if last else "",
                "right": last.right if last else None,
                "return_url": reverse("consent_item", args=[link_id, numbers[asked.return_to]]),
            }
        )
    return request.version.content["understanding"][f"intro_{language}"], found


def intro_text(request: Request, language: str) -> str:
    """Return the words above the items: they are part of what is signed."""
    return fill(request.version.content["intro"][language], request.words(language))


def closing_text(request: Request, language: str) -> str:
    """Return the words above the signature; empty until somebody explained the form."""
    said = closing_values(request, language)
    if not said:
        return ""
    return fill(request.version.content["closing"][language], request.words(language) | said)


def answer_rows(
    request: Request, link_id: int, language: str, *, full: bool = False
) -> list[dict[str, Any]]:
    """Return a row an item for review and print; ``full`` adds its text."""
    rows = []
    for step in steps_of(request):
        words = item_words(request, step.item, language, easy=False)
        rows.append(
            {
                "number": step.number,
                "code": step.item.code,
                "title": words["title"],
                "text": words["text"] if full else "",
                "question": step.question.text if full and step.question else "",
                "reply": step.question.reply if full and step.question else "",
                "state": step.state,
                "words": step.words,
                "url": reverse("consent_item", args=[link_id, step.number]),
            }
        )
    return rows


def lacking_words(lacking: set[str], states: Collection[str] = ()) -> list[str]:
    """Put what still lacks into sentences, what is hers to do first.

    :param states: of the steps; an item that she refused is not hers to do any more.
    """
    if "answers" in lacking and "no" in states:
        hers = {"open", "later"} & set(states)
        lacking = (lacking if hers else lacking - {"answers"}) | {"refused"}
    words = {
        "answers": _("Some items are not agreed to yet."),
        "refused": _(
            "You do not agree to an item for now. We have passed that on: your psychologist will "
            "talk with you about another way."
        ),
        "questions": _("A question of yours is still open."),
        "understanding": _("The two short questions are not answered yet."),
        "explanation": _("Your psychologist still has to talk with you about it."),
    }
    return [str(words[key]) for key in words if key in lacking]


def documents_of(request: Request, link_id: int, language: str) -> list[tuple[str, str]]:
    """Return (title, address) of what is attached: agreement, notice, the two annexes."""
    found = [
        (version.title(language), reverse("consent_read", args=[link_id, version.form_id]))
        for version in request.attached.select_related("form").order_by("pk")
    ]
    for annex in ("annex_stability", "annex_video_rules"):
        title = request.version.content[annex][f"title_{language}"]
        found.append((title, reverse("consent_read", args=[link_id, annex])))
    return found
