"""What consent asks of the psychologist, derived by queries (G4.1, G4.2)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clinic.kernel.tasks.places import task_places
from clinic.kernel.tasks.todo import ORDER, Todo, todo
from clinic.people.birth_proof import HOLDER
from consent.access import (
    left_behind,
    on_replaced_words,
    papers_to_compare,
    reminded_twice,
    that_wait_for,
)
from consent.dead_links import requests_of
from consent.models import OVER, FormVersion, Request, State
from consent.of_age import SIGN_LATER, is_minor
from consent.publishing import overtaken_by_changes
from consent.requirements import GRACE, last_day

MOST = 50
WORKING_DAYS = 2  # within which she was told that it will be countersigned
PATIENCE = timedelta(days=5)  # after which whoever has not signed is asked in another way
FRIDAY = 4  # Monday is 0

task_places(requests_of)


def _todo(request: Request, state: str, icon: str, title: str, detail: str, label: str) -> Todo:
    name = request.signer.name
    address = reverse("consent_request", args=[request.pk])
    return Todo(state, icon, title % {"name": name}, detail, address, label)


@todo
def of_psychologist(user: Any, now: datetime) -> Iterator[Todo]:
    """Questions, disagreements, missing explanations, countersignatures, what was not signed."""
    waiting = list(that_wait_for(user))
    reminded = reminded_twice(waiting)
    found = [item for request in waiting for item in _waiting(request, now, reminded)]
    yield from sorted(found, key=lambda item: ORDER[item.state])[:MOST]  # most want nothing of her


@todo
def on_old_words(user: Any, now: datetime) -> Iterator[Todo]:
    """How many of her clients signed a version that was replaced since, as one to-do (G4.1)."""
    found = on_replaced_words(user).aggregate(number=Count("pk"), first=Min("replaced"))
    if not found["number"]:
        return
    until = last_day(found["first"], GRACE)
    title = ngettext(
        "One client has to sign the newer form",
        "%(number)s clients have to sign the newer form",
        found["number"],
    )
    detail = _("The first signature counts until %(day)s.") % {"day": until.isoformat()}
    address = reverse("client_list") + "?consent=replaced"
    tone = "fix" if timezone.localdate(now) <= until else "stop"
    yield Todo(tone, "pen", title % {"number": found["number"]}, detail, address, _("Look"))


@todo
def of_administrator(user: Any, now: datetime) -> Iterator[Todo]:
    """Forms that nobody has published; paper forms to be compared by another; ten queries."""
    if user.is_admin and FormVersion.objects.current("individual") is None:
        title = _("The consent forms are not published")
        detail = _("Until then nobody can be asked to sign.")
        yield Todo("fix", "file", title, detail, reverse("form_list"), _("Look"))
    if user.is_admin and overtaken_by_changes(now):
        title = _("Clients sign forms with words that have changed since")
        yield Todo("fix", "file", title, "", reverse("form_list"), _("Look"))
    for paper in papers_to_compare(user)[:MOST]:
        yield Todo(
            "fix",
            "print",
            _("A signed paper form waits to be compared"),
            _("Entered by %(name)s") % {"name": paper.uploaded_by.name},
            reverse("paper_check", args=[paper.pk]),
            _("Compare"),
        )


@todo
def of_who_left(user: Any, now: datetime) -> Iterator[Todo]:
    """Who left with forms under way, for administrators: how many, never whose."""
    if not user.is_admin:
        return
    for row in left_behind()[:MOST]:
        words = {"name": row["case__counsellor__name"], "number": row["number"]}
        yield Todo(
            "stop",
            "pen",
            _("%(name)s no longer sees clients; consent forms under way: %(number)s") % words,
            _("No mail about them leaves, and their pages ask the clients to call."),
            reverse("member", args=[row["case__counsellor"]]),
            _("Look"),
        )


def _ended(request: Request) -> Todo:
    if request.state == State.PAPER_REFUSED:
        detail = _("The paper form was not accepted. A new one is needed.")
        return _todo(request, "stop", "print", _("%(name)s has to sign again"), detail, _("Look"))
    tone = "fix" if request.state == State.DECLINED else "info"
    title = _("%(name)s has not signed")
    return _todo(request, tone, _icon(request), title, _how_to_reach(request), _("Look"))


def _how_to_reach(request: Request) -> str:
    if request.signer.may_be_called:
        return _("Please telephone.")
    return _("Please use the safe way.")


def _icon(request: Request) -> str:
    return "phone" if request.signer.may_be_called else "shield"


def _on_paper(request: Request) -> Todo:
    """With the mail alone anybody may have asked for it, as long as no form was made."""
    if request.paper_by == HOLDER.actor_label:
        title, detail = _("Paper was asked for with the link of %(name)s"), _how_to_reach(request)
    else:
        title = _("%(name)s signs on paper")
        detail = _("Please use the safe way.") if request.signer.safe_contact else ""
    return _todo(request, "fix", "print", title, detail, _("Look"))


def _unsigned(request: Request, *, twice: bool) -> Todo:
    detail = _how_to_reach(request)
    if twice and request.signer.may_be_called:
        detail = _("Reminded twice. Please telephone.")
    elif twice:
        detail = _("Reminded twice. Please use the safe way.")
    title = _("%(name)s has not signed yet")
    return _todo(request, "fix", _icon(request), title, detail, _("Look"))


def _waiting(request: Request, now: datetime, reminded: set[int]) -> Iterator[Todo]:
    if request.state in OVER:  # first: what she asked or refused before can be answered no more
        yield _ended(request)
    elif request.open_questions:
        label = pgettext("to a question", "Answer")
        yield _todo(request, "fix", "ask", _("%(name)s asks about the consent form"), "", label)
    elif request.disagreed:
        detail = _("Talk with the client about another way.")
        yield _todo(
            request, "fix", "ask", _("%(name)s does not agree to an item"), detail, _("Look")
        )
    elif request.on_paper:
        yield _on_paper(request)
    elif request.state == State.AWAITING_EXPLANATION:
        yield _todo(
            request, "fix", "speak", _("%(name)s waits for the explanation"), "", _("Record it")
        )
    elif request.state == State.SIGNED and request.signature.is_under_age:
        if not request.asked_anew:
            # Nobody can act before her birthday: the gate stays red, Today only mentions it.
            tone = "info" if is_minor(request.signer, timezone.localdate(now)) else "stop"
            title = _("%(name)s signed while under 18 and has to sign again")
            yield _todo(request, tone, "pen", title, str(SIGN_LATER), _("Look"))
    elif request.state == State.SIGNED:
        late = working_days(request.signature.signed_at, now) > WORKING_DAYS
        tone = "stop" if late else "fix"
        yield _todo(request, tone, "pen", _("%(name)s has signed"), "", _("Countersign"))
    elif request.is_live and request.address_changed:
        detail = _("The mail address has changed. Send a new link, or go on by paper.")
        title = _("The link that %(name)s was mailed no longer works")
        yield _todo(request, "fix", "mail", title, detail, _("Look"))
    elif request.is_live and now - request.asked_at > PATIENCE:
        yield _unsigned(request, twice=request.pk in reminded)


def working_days(since: datetime, now: datetime) -> int:
    """Count the days from Monday to Friday after that of ``since``; public holidays are not known."""
    first = timezone.localdate(since)
    days = (timezone.localdate(now) - first).days
    return sum((first + timedelta(days=n)).weekday() <= FRIDAY for n in range(1, days + 1))
