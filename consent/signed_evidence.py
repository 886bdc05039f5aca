"""The evidence of a signature: everything the signer saw and did, as plain data."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from clinic.kernel.actors import Actor
from clinic.kernel.letters import fill
from consent.check_questions import CheckQuestion, check_questions
from consent.models import FormVersion, Request, Signature, State
from consent.moves import add_event, move
from consent.papers import papers_of, sections_of
from consent.values import closing_values
from consent.wording import canonical, digest

# What the evidence holds: 2 has ``understanding``, ``electronic_form``, and of each event what its
# hash is taken over. What was kept as 1 stays as it is.
SCHEMA = 2
EVENT_HASH = (
    "SHA-256 in hex of [number, what, actor, at, details, previous_hash] "
    "as JSON in UTF-8, keys sorted, no spaces, nothing escaped that need not be"
)


def evidence_of(
    request: Request, signature: dict[str, Any], device: dict[str, Any]
) -> dict[str, Any]:
    """Return the evidence; its canonical JSON is kept encrypted, its SHA-256 in clear.

    :param signature: ``method``, ``name``, ``strokes``, ``at`` (ISO 8601) and ``rung``, and what
        else the way of signing leaves.
    """
    language = "en" if request.language == "en" else "zh"
    words = request.words(language) | closing_values(request, language)
    return {
        "schema": SCHEMA,
        "request": request.pk,
        "language": language,
        "signer": {"name": request.signer.name, "birth_date": str(request.signer.birth_date)},
        "psychologist": request.case.counsellor.name,
        "versions": [_version(v) for v in (request.version, *request.attached.order_by("pk"))],
        "intro": fill(request.version.content["intro"][language], words),
        "items": _items(request, language, words),
        "papers": _papers(request, language),
        "closing": fill(request.version.content["closing"][language], words),
        "questions": _questions(request),
        "understanding": _understanding(request, language),
        "explained": [
            {"by": e.by.name, "at": e.at.isoformat(), "channel": e.channel, "items": e.items}
            for e in request.explanations.select_related("by")
        ],
        "electronic_form_agreed_at": request.electronic_at and request.electronic_at.isoformat(),
        "electronic_form": _electronic_form(request),
        "event_hash": EVENT_HASH,
        "events": _events(request),
        "signature": signature,
        "device": device,
    }


def digest_of_shown(name: str, intro: str, closing: str) -> str:
    """Return what tells whether the signature stands under the very words that she saw."""
    return digest([name, intro, closing])


def is_as_shown(evidence: dict[str, Any], shown: str) -> bool:
    """Whether what would be signed is what ``digest_of_shown`` was taken of."""
    name = evidence["signer"]["name"]
    return shown == digest_of_shown(name, evidence["intro"], evidence["closing"])


def keep_signature(
    request: Request, evidence: dict[str, Any], by: Actor, now: datetime
) -> Signature:
    """Fix the evidence of a locked request and keep its signature, by link or on paper."""
    sha256, signature = digest(evidence), evidence["signature"]
    add_event(request, "evidence", by, now, sha256=sha256)
    move(request, State.SIGNED, by, now, ended_at=None)
    return Signature.objects.create(
        request=request,
        evidence=canonical(evidence),
        sha256=sha256,
        method=signature["method"],
        rung=signature["rung"],
        signed_at=now,
    )


def _papers(request: Request, language: str) -> list[dict[str, Any]]:
    """The whole text of what was attached, so that the document can be read alone."""
    papers = (sections_of(request, which, language) for which in papers_of(request))
    return [{"title": title, "sections": sections} for title, sections in papers]


def _items(request: Request, language: str, words: dict[str, str]) -> list[dict[str, Any]]:
    answers = {row.item_id: row for row in request.answers.all()}
    return [
        {
            "code": item.code,
            "clauses": item.clauses,
            "version": item.version_id,
            "sha256": item.sha256,
            "title": fill(item.texts[f"title_{language}"], words),
            "text": fill(item.wording(language), words),
            "answer": answers[item.pk].choice,
            "answered_at": answers[item.pk].at.isoformat(),
        }
        for item in request.asked_items()
    ]


def _questions(request: Request) -> list[dict[str, Any]]:
    return [
        {
            "item": question.item.code,
            "text": question.text,
            "reply": question.reply,
            "asked_at": question.asked_at.isoformat(),
        }
        for question in request.questions.select_related("item").order_by("asked_at")
    ]


def _understanding(request: Request, language: str) -> dict[str, Any]:
    """The check questions as she saw them, and each of her answers."""
    return {
        "intro": request.version.content["understanding"][f"intro_{language}"],
        "questions": [
            {
                "id": asked.id,
                "text": asked.text,
                "options": [{"key": key, "text": text} for key, text in asked.options],
                "answers": _tries(request, asked),
            }
            for asked in check_questions(request, language)
        ],
    }


def _tries(request: Request, asked: CheckQuestion) -> list[dict[str, Any]]:
    return [
        {
            "choice": row.choice,
            "right": row.right,
            "feedback": asked.feedback[row.right],
            "at": row.at.isoformat(),
        }
        for row in request.understandings.filter(question=asked.id).order_by("at", "pk")
    ]


def _electronic_form(request: Request) -> dict[str, Any] | None:
    """What she agreed to before she read (E-2), in the language that she had then."""
    agreed = request.events.filter(what="electronic_agreed").first()
    if agreed is None:
        return None
    read = agreed.details.get("language", request.language)
    language = "en" if read == "en" else "zh"
    with translation.override("en" if language == "en" else "zh-hant"):
        ticked = gettext("I agree to read and sign electronically")
    text = request.version.content["electronic_form"][language]
    return {"language": language, "text": text, "ticked": ticked}


def _events(request: Request) -> list[dict[str, Any]]:
    return [
        {
            "number": event.number,
            "what": event.what,
            "actor": event.actor,
            "at": event.at.isoformat(),
            "details": event.details,
            "previous_hash": event.previous_hash,
            "hash": event.hash,
        }
        for event in request.events.all()
    ]


def _version(version: FormVersion) -> dict[str, Any]:
    return {"form": version.form_id, "number": version.number, "sha256": version.sha256}
