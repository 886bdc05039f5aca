"""How a request moves: by one table, by conditional update, each step an event in its chain."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.actors import Actor
from consent.explained import unexplained
from consent.models import (
    MOVES,
    WOKEN,
    Answer,
    Request,
    RequestEvent,
    State,
    Understanding,
)
from consent.wording import digest

GENESIS = "0" * 64
PAPER_WAITS = timedelta(days=60)  # for the post; no rule says how long
QUESTIONS = ("Q-disconnection", "Q-emergency")


def lock(request: Request) -> Request:
    """Lock the request's row for the rest of the transaction and return it fresh."""
    return Request.objects.select_for_update(of=("self",)).get(pk=request.pk)


def add_event(request: Request, what: str, by: Actor, now: datetime, **details: Any) -> None:
    """Add an event to the chain of a locked request. ``details`` hold keys, never words.

    They stand in the evidence, which the signer gets: what she may not read does not belong there.
    """
    last = request.events.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
    content = [number, what, by.actor_label, now.astimezone(UTC).isoformat(), details, previous]
    RequestEvent.objects.create(
        request=request,
        number=number,
        what=what,
        actor=by.actor_label,
        at=now,
        details=details,
        previous_hash=previous,
        hash=digest(content),
    )


def move(
    request: Request, to: str, by: Actor, now: datetime, *, event: str = "", **changes: Any
) -> None:
    """Move a locked request to ``to``. Refused when the table does not know the move.

    :param event: what the chain calls it, where nobody did what the state is named after.
    """
    if to not in MOVES[request.state]:
        raise Refused(
            "consent.move",
            _("This is no longer possible: the request is “%(state)s”.")
            % {"state": request.get_state_display()},
            _("Please load the page again."),
        )
    request.state = to
    for name, value in changes.items():
        setattr(request, name, value)
    request.save(update_fields=["state", *changes])
    add_event(request, event or to, by, now)


def wake(request: Request, by: Actor, now: datetime) -> None:
    """Let an expired request wait for its signer again, where it stood; any other stays.

    What she answered before still counts, so that an explanation or a reply goes on from there.
    Raises Refused where the signer was asked anew since: two requests never wait at once.
    """
    if request.state != State.EXPIRED:
        return
    if request.is_followed:
        raise Refused(
            "consent.followed",
            _("There is a newer request for this form."),
            _("Please go on with that one."),
        )
    opened = request.events.filter(what=State.OPENED).exists()
    before = State.OPENED if opened else State.SENT
    to = _as_answered(request) if request.answers.exists() else before
    changes: dict[str, Any] = {"ended_at": None}
    if request.paper_wished_at:  # the wish stands, and the post takes as long as before
        changes["expires_at"] = max(request.expires_at, now + PAPER_WAITS)
    move(request, to, by, now, event=WOKEN, **changes)


def settle(request: Request, by: Actor, now: datetime) -> None:
    """After an answer, a reply or an explanation: move to where the facts say it stands."""
    if request.state not in (State.ANSWERING, State.AWAITING_EXPLANATION, State.READY):
        return
    to = _as_answered(request)
    if to != request.state:
        move(request, to, by, now)


def _as_answered(request: Request) -> State:
    """Return where a request with answers stands, by what it lacks."""
    lacking = what_lacks(request)
    if not lacking:
        return State.READY
    return State.AWAITING_EXPLANATION if lacking == {"explanation"} else State.ANSWERING


def what_lacks(request: Request) -> set[str]:
    """Return what still stands between the request and a signature, as keys."""
    lacking = set()
    agreed = request.answers.filter(choice=Answer.Choice.AGREE).values_list("item", flat=True)
    if set(request.asked_items().values_list("pk", flat=True)) - set(agreed):
        lacking.add("answers")
    if request.questions.filter(closed_at=None).exists():
        lacking.add("questions")
    right = Understanding.objects.filter(request=request, right=True)
    if set(QUESTIONS) - set(right.values_list("question", flat=True)):
        lacking.add("understanding")
    if unexplained(request):
        lacking.add("explanation")
    return lacking
