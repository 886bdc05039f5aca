"""The form to be printed, posted or handed over: every word, boxes to tick, lines to sign."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from clinic.kernel.documents.models import Document
from clinic.kernel.documents.registry import Draft
from clinic.kernel.letters import fill
from clinic.organisation.letterhead import dialled
from clinic.organisation.models import Clinic
from consent.check_questions import check_questions
from consent.models import Request
from consent.models.requests import PAPER_FORM
from consent.papers import papers_of, sections_of
from consent.values import closing_values, paper_steps, statement_of
from consent.wording import LINE


def build(subject_id: int, version: int, now: datetime) -> Draft:
    """Return the blank form of a request, in the language of its signer."""
    request = Request.objects.select_related("case__counsellor", "signer", "version").get(
        pk=subject_id
    )
    language = "en" if request.language == "en" else "zh"
    with translation.override("en" if language == "en" else "zh-hant"):
        html = render_to_string("consent/paper_form.html", _words(request, language))
    return Draft(request.version.title(language), html, (), language)


def _words(request: Request, language: str) -> dict[str, Any]:
    words = request.words(language)
    content = request.version.content
    by_hand = {"explained_by": LINE, "explained_on": LINE}
    closing = words | by_hand | closing_values(request, language)
    clinic = Clinic.the_one()
    papers = (sections_of(request, which, language) for which in papers_of(request))
    return {
        "clinic": clinic,
        "clinic_phone": dialled(clinic.phone) if clinic else "",
        "signer": request.signer,
        "psychologist": request.case.counsellor.name,
        "steps": fill(paper_steps(request, language), words),
        "intro": fill(content["intro"][language], words),
        "items": [_item(item, language, words) for item in request.asked_items()],
        "questions": [
            {"text": asked.text, "options": [text for _key, text in asked.options]}
            for asked in check_questions(request, language)
        ],
        "closing": fill(content["closing"][language], closing),
        "practitioner": statement_of(request),
        "papers": [{"title": title, "sections": sections} for title, sections in papers],
    }


def _item(item, language: str, words: dict[str, str]) -> dict[str, Any]:
    return {
        "code": item.code,
        "notice": item.kind == item.Kind.NOTICE,
        "title": fill(item.texts[f"title_{language}"], words),
        "text": fill(item.wording(language), words),
    }


def form_of(request: Request) -> Document | None:
    """Return the printed form of a request; None while nobody asked for one."""
    return Document.objects.about(request).filter(kind=PAPER_FORM).first()
