"""Where a consent request stands, and what may follow."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a request stands. ``MOVES`` says what may follow."""

    SENT = "sent", _("sent")
    OPENED = "opened", pgettext_lazy("a consent request", "opened")
    ANSWERING = "answering", _("being answered")
    AWAITING_EXPLANATION = "awaiting_explanation", _("awaiting explanation")
    READY = "ready_to_sign", _("ready to sign")
    SIGNED = "signed", _("signed")
    COUNTERSIGNED = "countersigned", _("countersigned")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
    PAPER_REFUSED = "paper_refused", _("paper form not accepted")


LIVE = (State.SENT, State.OPENED, State.ANSWERING, State.AWAITING_EXPLANATION, State.READY)
ENDS = (State.DECLINED, State.EXPIRED, State.REVOKED)  # of a live one
OVER = (*ENDS, State.PAPER_REFUSED)
UNRESOLVED = (State.DECLINED, State.EXPIRED, State.PAPER_REFUSED)  # ended, and Today asks on
WOKEN = "woken"  # the event that lets an expired one wait again
DEALT_WITH = "dealt_with"  # the event after which Today asks no more about an unresolved one

# The one table of legal moves. A paper form may come back signed at any time, and may fail its
# second check even after the countersignature.
MOVES: dict[str, frozenset[str]] = {
    State.SENT: frozenset({State.OPENED, State.SIGNED, *ENDS}),
    State.OPENED: frozenset({State.ANSWERING, State.SIGNED, *ENDS}),
    State.ANSWERING: frozenset(
        {State.AWAITING_EXPLANATION, State.READY, State.SIGNED, *ENDS},
    ),
    State.AWAITING_EXPLANATION: frozenset({State.ANSWERING, State.READY, State.SIGNED, *ENDS}),
    State.READY: frozenset({State.ANSWERING, State.AWAITING_EXPLANATION, State.SIGNED, *ENDS}),
    State.SIGNED: frozenset({State.COUNTERSIGNED, State.PAPER_REFUSED}),
    State.COUNTERSIGNED: frozenset({State.PAPER_REFUSED}),
    State.DECLINED: frozenset(),
    State.EXPIRED: frozenset(  # a new link wakes it where it stood, and the post may be late
        {*LIVE, State.SIGNED, State.DECLINED, State.REVOKED}
    ),
    State.REVOKED: frozenset(),
    State.PAPER_REFUSED: frozenset(),
}
