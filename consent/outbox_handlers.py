"""What mails about consent say, decided when they leave: each asks again whether it still holds."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from clinic.kernel.actors import System
from clinic.kernel.dates import moment
from clinic.kernel.letters import compose
from clinic.kernel.links.models import Link
from clinic.kernel.links.views import link_url
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import Done, Drop, Letter, Recipient, handler, responsible
from clinic.organisation.letterhead import letterhead
from clinic.people.places import is_told_abroad
from consent.emails import WISH
from consent.mailing import renew_for_new_address, was_let_on_quietly
from consent.models import LIVE, Answer, Request, State
from consent.new_link import ask_new_link

BY = System("consent")

# Letter -> states of the request in which it still makes sense.
STILL = {
    "consent_request": set(LIVE),
    "new_link": {*LIVE, State.SIGNED, State.COUNTERSIGNED},
    "question_answered": {State.OPENED, State.ANSWERING, State.AWAITING_EXPLANATION, State.READY},
    "ready_to_sign": {State.READY},
    "consent_reminder_day2": {State.SENT, State.OPENED, State.ANSWERING, State.READY},
    "consent_reminder_day4": {State.SENT, State.OPENED, State.ANSWERING, State.READY},
    "signed_copy": {State.COUNTERSIGNED},
}

REMINDERS = ("consent_reminder_day2", "consent_reminder_day4")

SAYS = {
    "consent_request": _("consent form to read"),
    "new_link": _("new link to the consent form"),
    "question_answered": _("reply to a question"),
    "ready_to_sign": _("consent form ready to sign"),
    "consent_reminder_day2": _("reminder of the consent form"),
    "consent_reminder_day4": _("reminder of the consent form"),
    "signed_copy": _("signed consent form"),
}


def _request(row: Outbox) -> Request:
    found = Request.objects.select_related("case__counsellor", "signer", "version")
    return found.get(pk=row.occasion.removeprefix("request:"))


def _letter(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    request = _request(row)
    if who is None or request.state not in STILL[row.kind]:
        return Drop("request moved on")
    if request.is_stranded:
        return Drop("case or account closed")
    if row.kind in REMINDERS and _waits_for_us(request):
        return Drop("waits for our reply")
    if row.kind in REMINDERS and was_let_on_quietly(request):
        return Drop("to go on without mails")
    link = Link.objects.live(Link.Purpose.CONSENT, request.occasion, now)
    if link is None:
        return Drop("link closed")
    if request.address_changed:  # since the mail was written: its link would open nothing
        link = renew_for_new_address(request=request, by=BY, now=now)
    who = replace(who, language=request.language)  # she may have chosen it on the form
    language = "en" if who.language == "en" else "zh"
    titles = [request.version.title(language)]
    titles += [version.title(language) for version in request.attached.order_by("pk")]
    signature = getattr(request, "signature", None)
    with override("en" if language == "en" else "zh-hant"):
        head = letterhead(abroad=is_told_abroad(request.signer))
    values = head | {
        "recipient_name": who.name,
        "practitioner_name": request.case.counsellor.name,
        "document_titles": _listed(titles, language),
        "minutes": str(request.version.content["form"]["minutes"]),
        "expires_at": moment(link.expires_at, language=language),
        "link": link_url(link.token),
        "signed_at": moment(signature.signed_at, language=language) if signature else "",
    }
    return compose(row.kind, who, values)


def _waits_for_us(request: Request) -> bool:
    """Whether she asked and we have not answered, or does not agree to an item and we talk with
    her about another way: it is not she who keeps it waiting."""
    asked = request.questions.filter(closed_at=None, replied_at=None)
    return asked.exists() or request.answers.filter(choice=Answer.Choice.DISAGREE).exists()


def _listed(titles: list[str], language: str) -> str:
    """Join titles; in Chinese each in its brackets, for titles have commas of their own."""
    return "、".join(f"「{title}」" for title in titles) if language == "zh" else ", ".join(titles)


@responsible("request")
def of_case(row: Outbox) -> int | None:
    """The psychologist of the case telephones her client."""
    counsellor = _request(row).case.counsellor
    return counsellor.pk if row.is_to_client and not counsellor.has_left else None


for _kind in STILL:
    handler(_kind, SAYS[_kind])(_letter)


@handler("consent_for_psychologist", _("news on a consent form"))
def for_psychologist(row: Outbox, who: Recipient | None, now: datetime) -> Letter | Drop:
    """Something waits at a case: the mail names the code of the case only."""
    if who is None:
        return Drop("account closed")
    request = _request(row)
    address = settings.PUBLIC_BASE_URL + reverse("consent_request", args=[request.pk])
    values = letterhead() | {
        "recipient_name": who.name,
        "case_code": request.case.code,
        "link": address,
    }
    return compose("consent_for_psychologist", who, values)


@handler(WISH, _("wish for a new link"))
def new_link_wished(row: Outbox, who: Recipient | None, now: datetime) -> Done:
    """Send a new link where the request still waits or was signed; for any other nothing happens."""
    ask_new_link(link=Link.objects.filter(pk=row.occasion.removeprefix("link:")).first(), now=now)
    return Done()
