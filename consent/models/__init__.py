"""The models of consent, where other files look for them."""

from consent.models.forms import Form, FormItem, FormVersion, Particular
from consent.models.requests import (
    ENDS,
    LIVE,
    MOVES,
    Answer,
    Explanation,
    Question,
    Request,
    RequestEvent,
    State,
    Understanding,
)
from consent.models.signatures import Countersignature, Signature, Validity

__all__ = [
    "ENDS",
    "LIVE",
    "MOVES",
    "Answer",
    "Countersignature",
    "Explanation",
    "Form",
    "FormItem",
    "FormVersion",
    "Particular",
    "Question",
    "Request",
    "RequestEvent",
    "Signature",
    "State",
    "Understanding",
    "Validity",
]
