"""What consent asks of the psychologist, derived by queries (G4.1, G4.2)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.kernel.tasks.todo import Todo, todo
from consent.models import Request, State

MOST = 50
LATE = timedelta(days=2)
UNSIGNED = timedelta(days=5)


def _todo(request: Request, state: str, icon: str, title: str, detail: str, label: str) -> Todo:
    name = request.signer.name
    address = reverse("consent_request", args=[request.pk])
    return Todo(state, icon, title % {"name": name}, detail, address, label)


@todo
def of_psychologist(user: Any, now: datetime) -> Iterator[Todo]:
    """Questions, disagreements, missing explanations, countersignatures, what was not signed."""
    for request in Request.objects.that_wait_for(user)[:MOST]:
        yield from _waiting(request, now)


def _waiting(request: Request, now: datetime) -> Iterator[Todo]:
    if request.open_questions:
        label = pgettext("to a question", "Answer")
        yield _todo(request, "fix", "ask", _("%(name)s asks about the consent form"), "", label)
    elif request.disagreed:
        detail = _("Talk with the client about another way.")
        yield _todo(
            request, "fix", "ask", _("%(name)s does not agree to an item"), detail, _("Look")
        )
    elif request.paper_wished_at and request.is_live:
        yield _todo(request, "fix", "print", _("%(name)s wants paper"), "", _("Look"))
    elif request.state == State.AWAITING_EXPLANATION:
        yield _todo(
            request, "fix", "speak", _("%(name)s waits for the explanation"), "", _("Record it")
        )
    elif request.state == State.SIGNED:
        late = now - request.signature.signed_at > LATE
        tone = "stop" if late else "fix"
        yield _todo(request, tone, "pen", _("%(name)s has signed"), "", _("Countersign"))
    elif request.state in (State.DECLINED, State.EXPIRED):
        yield _todo(
            request,
            "info",
            "phone",
            _("%(name)s has not signed"),
            _("Please telephone."),
            _("Look"),
        )
    elif request.is_live and now - request.created_at > UNSIGNED:
        detail = _("Reminded twice. Please telephone.")
        yield _todo(request, "fix", "phone", _("%(name)s has not signed yet"), detail, _("Look"))
