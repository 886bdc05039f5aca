"""What the signer does, on her phone: answer, ask, check, decline, sign. ``by`` is the Person.

The link and the birth date were proven before; every action asks again that the request is hers.
Language and paper need the link alone: ``by`` is ``HOLDER`` as long as no birth date was given.
"""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action, ask, record
from clinic.kernel.actors import Actor
from clinic.people.birth_proof import HOLDER
from clinic.people.models import Person
from consent import emails
from consent.models import (
    OVER,
    Answer,
    FormItem,
    Question,
    Request,
    Signature,
    State,
    Understanding,
)
from consent.moves import PAPER_WAITS, add_event, lock, move, settle, what_lacks
from consent.of_age import is_minor
from consent.paper.blank import form_of
from consent.paper.wish import WISHED, may_wish
from consent.signable import (
    READ_AGAIN,
    ask_not_on_paper,
    ask_same_language,
    ask_same_words,
    ask_signature,
    lacks_words,
)
from consent.signed_evidence import evidence_of, keep_signature

NOT_YOURS = _("This document is for somebody else.")
NO_CHOICE = _("Please choose one of the answers.")


def _mine(request: Request, by: Person) -> Request:
    """Lock the request; refuse when it is not this person's or has ended."""
    ask(request.signer_id == by.pk, NOT_YOURS)
    return _waiting(request)


def _mine_or_held(request: Request, by: Actor) -> Request:
    """The same for what needs no birth date: paper, and the language."""
    return _waiting(request) if by == HOLDER else _mine(request, by)


def _waiting(request: Request) -> Request:
    locked = lock(request)
    if not locked.is_live:
        raise Refused(
            "consent.ended", _("This can no longer be changed."), _("Please load the page again.")
        )
    _ask_in_hand(locked)
    return locked


def _ask_in_hand(request: Request) -> None:
    if request.is_stranded:
        raise Refused(
            "consent.stranded",
            _("This form cannot be finished at the moment."),
            _("Please call the clinic."),
        )


def _ask_of_age(signer: Person, now: datetime) -> None:
    if is_minor(signer, timezone.localdate(now)):
        raise Refused(
            "consent.minor",
            _("Whoever is under 18 does not sign this form alone. Your answers are kept."),
            _("Please call the clinic."),
        )


@action("consent.open", says=_("opened the consent form"))
def open_request(
    *, request: Request, electronic: bool, language: str = "", by: Person, now: datetime
) -> Request:
    """The signer proved who she is; ``electronic``: she agreed to the electronic form (E-2).

    :param language: in which she read what she agreed to; refused where it was changed since.
    """
    request = _mine(request, by)
    if electronic and request.electronic_at is None:
        ask_same_language(request, language, READ_AGAIN)
        request.electronic_at = now
        request.save(update_fields=["electronic_at"])
        add_event(request, "electronic_agreed", by, now, language=request.language)
    if request.state == State.SENT:
        move(request, State.OPENED, by, now)
    record(request.case)
    return request


@action("consent.answer", says=_("answered an item of the consent form"))
def answer(
    *,
    request: Request,
    item: FormItem,
    choice: str,
    text: str = "",
    language: str = "",
    by: Person,
    now: datetime,
) -> Answer:
    """Keep the answer to one item. ``ask`` opens a question with ``text``.

    :param language: in which she read the item; refused where another window changed it since.
    """
    request = _mine(request, by)
    ask_same_language(request, language, READ_AGAIN)
    ask(request.asked_items().filter(pk=item.pk).exists(), NOT_YOURS)
    if (item.kind, choice) == (FormItem.Kind.NOTICE, Answer.Choice.DISAGREE):
        raise Refused("consent.no_choice", NO_CHOICE, field="choice")
    if choice != Answer.Choice.LATER:  # to look at it only is no decision against the paper
        _go_on_here(request, by, now)
    if choice == Answer.Choice.ASK:
        _open_question(request, item, text, now)
    if request.state == State.OPENED:
        move(request, State.ANSWERING, by, now)
    same = request.answers.filter(item=item, choice=choice).first()
    if same and choice != Answer.Choice.ASK:
        record(request.case, note=item.code)
        return same  # the tap was saved already; "next" sends it once more
    row, _made = Answer.objects.update_or_create(
        request=request, item=item, defaults={"choice": choice, "at": now}
    )
    add_event(
        request, "answered", by, now, item=item.code, choice=choice, language=request.language
    )
    if choice == Answer.Choice.AGREE:
        _close_question(request, item, by, now)
    settle(request, by, now)
    record(request.case, note=item.code)
    return row


def _go_on_here(request: Request, by: Person, now: datetime) -> None:
    """Who answers here has given up the paper, unless it was made already: she may have either."""
    if request.paper_wished_at and form_of(request) is None:
        request.paper_wished_at = None
        request.save(update_fields=["paper_wished_at"])
        add_event(request, "goes_on_here", by, now)


def _open_question(request: Request, item: FormItem, text: str, now: datetime) -> None:
    """Other words are another question: a reply on its way belongs to the words it was read with."""
    if not text.strip():
        raise Refused("consent.empty", _("Please write what you would like to ask."), field="text")
    open_one = request.questions.filter(item=item, closed_at=None).first()
    if open_one and open_one.replied_at is None and open_one.text == text:
        return
    if open_one:
        open_one.closed_at = now
        open_one.save(update_fields=["closed_at"])
    Question.objects.create(request=request, item=item, text=text, asked_at=now)


def _close_question(request: Request, item: FormItem, by: Person, now: datetime) -> None:
    """Agreeing closes the question: what she asked is clear to her now."""
    if request.questions.filter(item=item, closed_at=None).update(closed_at=now):
        add_event(request, "question_closed", by, now, item=item.code)


@action("consent.check", says=_("answered a question of understanding"))
def check_understanding(
    *, request: Request, question: str, choice: str, by: Person, now: datetime
) -> Understanding:
    """Keep one try at a check question. A wrong one is no failure; the counsellor sees it."""
    request = _mine(request, by)
    asked = {q["id"]: q for q in request.version.content["understanding"]["questions"]}
    if question not in asked or choice not in [o["key"] for o in asked[question]["options"]]:
        raise Refused("consent.no_choice", NO_CHOICE)
    right = choice == asked[question]["right"]
    row = Understanding.objects.create(
        request=request, question=question, choice=choice, right=right, at=now
    )
    add_event(request, "checked", by, now, question=question, right=right)
    settle(request, by, now)
    record(request.case)
    return row


@action("consent.decline", says=_("declined to sign"))
def decline(*, request: Request, reason: str = "", by: Person, now: datetime) -> Request:
    """The signer does not want to sign; no reason is needed."""
    request = _mine(request, by)
    move(request, State.DECLINED, by, now, ended_at=now, ended_reason=reason)
    record(request.case)
    return request


@action("consent.want_paper", says=_("asked for paper"))
def want_paper(*, request: Request, by: Actor, now: datetime) -> Request:
    """The signer wants paper instead; the counsellor gets a to-do, the request stays open.

    A wish that stands already stays as it is; hers is noted beside one that may be another's.
    """
    request = _mine_or_held(request, by)
    record(request.case)
    if not may_wish(request, by):
        return request
    request.paper_wished_at = request.paper_wished_at or now
    request.expires_at = max(request.expires_at, now + PAPER_WAITS)
    request.save(update_fields=["paper_wished_at", "expires_at"])
    add_event(request, WISHED, by, now)
    return request


@action("consent.language", says=_("chose the language of the consent form"))
def choose_language(*, request: Request, language: str, by: Actor, now: datetime) -> Request:
    """Read and sign in ``language`` (``zh-hant`` or ``en``).

    Each change is an event once she has proven who she is. Before, the link's holder only turns
    pages and mails; in which language she agrees and signs, the evidence says by itself.
    """
    request = _mine_or_held(request, by)
    record(request if by == HOLDER else request.case)
    if form_of(request):
        raise Refused("consent.printed", _("The paper form is printed in the language it has."))
    if language == request.language:
        return request
    request.language = language
    request.save(update_fields=["language"])
    if by != HOLDER:
        add_event(request, "language", by, now, language=language)
    return request


@action("consent.sign", says=_("signed the consent form"))
def sign(
    *,
    request: Request,
    method: str,
    name: str,
    strokes: str,
    device: dict[str, Any],
    language: str = "",
    shown: str = "",
    by: Person,
    now,
) -> Signature:
    """Sign: one transaction of evidence, hash, audit and outbox. Signed twice, it is one.

    :param language: in which she read it; refused where another window changed it since.
    :param shown: ``digest_of_shown`` of what she read; refused where it is other words by now.
    :param strokes: JSON of the drawn strokes, empty for a typed name.
    :param device: ``ip`` and ``agent`` as the server saw them, ``link`` the link's id.
    """
    ask(request.signer_id == by.pk, NOT_YOURS)
    request = lock(request)
    if request.state in (State.SIGNED, State.COUNTERSIGNED):
        ask_not_on_paper(request.signature)
        record(request.case, note="again")
        return request.signature
    if request.state in OVER:
        raise Refused("consent.ended", _("This can no longer be signed."))
    _ask_in_hand(request)
    _ask_of_age(by, now)
    if lacking := what_lacks(request):
        raise Refused("consent.lacks", lacks_words(lacking), _("Please complete it first."))
    ask_same_language(request, language)
    ask_signature(method, name, strokes)
    evidence = evidence_of(request, _given(method, name, strokes, now), device)
    ask_same_words(evidence, shown)
    row = keep_signature(request, evidence, by, now)
    record(request.case)
    record(request.signer)
    emails.tell_psychologist("consent_for_psychologist", request, now)
    return row


def _given(method: str, name: str, strokes: str, now: datetime) -> dict[str, Any]:
    """The signature as the evidence holds it."""
    return {
        "method": method,
        "name": name,
        "strokes": json.loads(strokes) if strokes else [],
        "at": now.isoformat(),
        "rung": Signature.Rung.LINK_BIRTH_DATE,
    }
