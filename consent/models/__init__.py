"""The models of consent, where other files look for them."""

from consent.models.forms import Form, FormItem, FormVersion, Particular
from consent.models.paper import PaperPage, ReturnedPaper
from consent.models.requests import (
    Answer,
    Explanation,
    Question,
    Request,
    RequestEvent,
    Understanding,
)
from consent.models.signatures import Countersignature, Signature, Validity
from consent.models.states import DEALT_WITH, ENDS, LIVE, MOVES, OVER, UNRESOLVED, WOKEN, State

__all__ = [
    "DEALT_WITH",
    "ENDS",
    "LIVE",
    "MOVES",
    "OVER",
    "UNRESOLVED",
    "WOKEN",
    "Answer",
    "Countersignature",
    "Explanation",
    "Form",
    "FormItem",
    "FormVersion",
    "PaperPage",
    "Particular",
    "Question",
    "Request",
    "RequestEvent",
    "ReturnedPaper",
    "Signature",
    "State",
    "Understanding",
    "Validity",
]
