"""The signed form as a sealed document: a rendering of the evidence, which can be made again."""

import json
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from clinic.cases.access import cases_visible_to
from clinic.kernel.documents.registry import Attachment, Draft, document
from clinic.organisation.models import Clinic
from consent.access import requests_visible_to
from consent.models import Request, RequestEvent, Signature
from consent.models.requests import DOCUMENT, PAPER_FORM
from consent.paper import blank
from consent.strokes import svg_data_uri

EVENTS_SHOWN = 300  # rows of the certificate page, half of them the first and half the last


def _may_read(user, made) -> bool:
    cases = cases_visible_to(user)
    return Signature.objects.filter(pk=made.subject_id, request__case__in=cases).exists()


@document(DOCUMENT, _("Consent to telecounselling"), _may_read)
def build(subject_id: int, version: int, now: datetime) -> Draft:
    """Everything the signer saw and did, the countersignature, the certificate page."""
    signature = Signature.objects.of_document(subject_id)
    evidence = with_times(json.loads(signature.evidence))
    language = "en" if evidence["language"] == "en" else "zh"
    titles = titles_of(signature.request, language)
    for part in evidence["versions"]:
        part["title"] = titles.get(part["form"], "")
    with translation.override("en" if language == "en" else "zh-hant"):
        html = render_to_string(
            "consent/document.html",
            {
                "evidence": evidence,
                "signature": signature,
                "countersignature": signature.countersignature,
                "strokes_svg": svg_data_uri(evidence["signature"]["strokes"]),
                **_events(list(signature.request.events.all())),
                "sha256": signature.sha256,
                "paper": signature.request.returned_paper,
                "clinic": Clinic.the_one(),
            },
        )
    attached = Attachment("evidence.json", "Evidence of the signature", signature.evidence.encode())
    return Draft(signature.request.version.title(language), html, (attached,), language)


def _events(events: list[RequestEvent]) -> dict[str, Any]:
    """What the certificate page shows of the chain: of a very long one the beginning and the end.

    However often somebody went back and forth, the document can be made.
    """
    half = EVENTS_SHOWN // 2
    left_out = max(0, len(events) - EVENTS_SHOWN)
    shown = events[:half] + events[half + left_out :] if left_out else events
    return {"events": shown, "left_out": left_out, "goes_on_at": half + 1 if left_out else 0}


def _may_print(user, made) -> bool:
    return requests_visible_to(user).filter(pk=made.subject_id).exists()


document(PAPER_FORM, _("Consent form to be printed"), _may_print)(blank.build)


def titles_of(request: Request, language: str) -> dict[str, str]:
    """Return the title of each form in the bundle, by the form's key."""
    versions = [request.version, *request.attached.all()]
    return {version.form_id: version.title(language) for version in versions}


def with_times(value: Any, key: str = "") -> Any:
    """Turn every time of the evidence (keys that end in ``at``) back into a datetime."""
    if isinstance(value, dict):
        return {name: with_times(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [with_times(part) for part in value]
    if isinstance(value, str) and (key == "at" or key.endswith("_at")):
        return datetime.fromisoformat(value)
    return value
