"""What is asked of a signature before it is kept: the way of signing, and that it was read so."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from consent.models import Request, Signature
from consent.signed_evidence import is_as_shown

READ_AND_SIGN = _("Please read it once more, then sign.")
READ_AGAIN = _("Please read it once more.")
MAX_STROKES = 200_000  # characters of JSON


def ask_same_language(request: Request, language: str, then: Any = READ_AND_SIGN) -> None:
    if language and language != request.language:
        words = _("The language was changed in another window.")
        raise Refused("consent.language", words, then)


def ask_same_words(evidence: dict[str, Any], shown: str) -> None:
    if shown and not is_as_shown(evidence, shown):
        words = _("The words above the signature have changed since you opened this page.")
        raise Refused("consent.other_words", words, READ_AND_SIGN)


def ask_not_on_paper(signature: Signature) -> None:
    if signature.method not in Signature.ON_SCREEN:
        raise Refused(
            "consent.on_paper",
            _("The form that you signed on paper has arrived."),
            _("You need not sign again."),
        )


def ask_signature(method: str, name: str, strokes: str) -> None:
    if method not in Signature.ON_SCREEN:
        raise Refused("consent.method", _("Please sign in the field, or type your name."))
    if method == Signature.Method.TYPED and not name.strip():
        raise Refused("consent.no_name", _("Please type your full name."), field="name")
    if method == Signature.Method.DRAWN and not (2 < len(strokes) <= MAX_STROKES):
        raise Refused("consent.no_strokes", _("Please sign in the field first."), field="strokes")


def lacks_words(lacking: set[str]) -> Any:
    words = {
        "answers": _("Not every item is agreed to yet."),
        "questions": _("A question is still open."),
        "understanding": _("The two short questions are not answered yet."),
        "explanation": _("Your psychologist has not talked with you about it yet."),
    }
    return next(words[key] for key in words if key in lacking)
