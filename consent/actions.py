"""What staff do with consent requests: send, resend, answer, explain, countersign, revoke."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.cases.access import cases_visible_to
from clinic.cases.models import Case
from clinic.errors import Refused
from clinic.kernel.action import action, ask, record
from clinic.kernel.constraints import refusing
from clinic.kernel.documents.actions import request_document
from clinic.kernel.links.actions import close_link
from clinic.kernel.links.models import Link
from clinic.people.birth_proof import forget_tries
from clinic.people.models import Person
from consent.client.progress import sealed_document
from consent.dead_links import finish_locked, locked_link, needs_new_link
from consent.mailing import LASTS, mail_link
from consent.models import (
    Countersignature,
    Explanation,
    Form,
    FormVersion,
    Question,
    Request,
    State,
    Validity,
)
from consent.models.requests import DOCUMENT
from consent.moves import add_event, lock, move, settle, wake
from consent.of_age import SIGN_LATER, ask_of_age
from consent.paper.wish import drop_wish_of_another
from consent.values import statement_of, values_of
from consent.wording import canonical

# An explanation may come before the link (G4.2); further back, it is a year of another calendar.
EXPLAINED_BEFORE = timedelta(days=90)
OWN_CASES = _("Only the psychologist of the case does this.")


def ask_for_case(case: Case, by) -> None:
    """Refuse anybody but the psychologist of the case."""
    ask(cases_visible_to(by).filter(pk=case.pk, counsellor=by).exists(), OWN_CASES)


def ask_open(case: Case) -> None:
    """Refuse where the case is closed."""
    if case.closed_at:
        raise Refused(
            "consent.case_closed", _("This case is closed."), _("Please reopen it first.")
        )


def note_both(request: Request, **details) -> None:
    """Note what happened in the history of the case and of its client."""
    for subject in (request.case, request.signer):
        record(subject, **details)


@action("consent.send", says=_("sent a consent request"))
def send_request(*, case: Case, by, now: datetime) -> Request:
    """Ask the case's client to read and sign the individual form with what is attached to it."""
    ask_for_case(case, by)
    ask_open(case)
    _ask_reachable(case.people[0])
    request = make_request(case, by, now, lasts=LASTS)
    add_event(request, "sent", by, now)
    note_both(request)
    mail_link(request, "consent_request", by, now)
    return request


def make_request(case: Case, by, now: datetime, *, lasts: timedelta) -> Request:
    """Make the request with the words of this signer and day; at most one is under way."""
    signer = case.people[0]
    ask_of_age(signer, now)
    main, *attached = _current_versions()
    request = Request(
        case=case,
        signer=signer,
        version=main,
        values=canonical(values_of(case, signer)),
        language=signer.letter_language,
        created_by=by,
        created_at=now,
        expires_at=now + lasts,
    )
    twice = Refused(
        "consent.live",
        _("A request for this form is already under way."),
        _("Send it again, or revoke it first."),
    )
    with refusing(one_live_request=twice):
        request.save()
    request.attached.set(attached)
    return request


def _ask_reachable(person: Person) -> None:
    if not person.email or not person.may_be_mailed:
        raise Refused(
            "consent.no_mail",
            _("This client is not reached by mail."),
            _("Please use the paper form."),
        )


def _current_versions() -> list[FormVersion]:
    versions = [FormVersion.objects.current(key) for key in Form.Key.values]
    if None in versions:
        raise Refused(
            "consent.no_form",
            _("The consent forms are not published yet."),
            _("Please ask an administrator to publish them."),
        )
    return versions


@action("consent.resend", says=_("sent the consent request again"))
def resend(*, request: Request, new_link: bool = False, by, now: datetime) -> Request:
    """Mail the same link again, or a new one that kills the old; a locked one is always made new.

    Once the document is sealed, it is the copy that is sent again; signed and not sealed yet, a
    new link where the one she has opens nothing.
    """
    ask_for_case(request.case, by)
    ask_open(request.case)
    request = lock(request)
    drop_wish_of_another(request)
    wake(request, by, now)
    copy = sealed_document(request) is not None
    signed = not copy and needs_new_link(request, now)
    if not (copy or signed):
        ask_live(request)
        ask_of_age(request.signer, now)
    _ask_reachable(request.signer)
    locked = locked_link(request)
    new_link = new_link or copy or signed or locked is not None
    add_event(request, "new_link" if new_link else "resent", by, now)
    note_both(request)
    kind = "signed_copy" if copy else "new_link" if new_link else "consent_request"
    # Mostly while she is on the telephone; the hours that she called safe come first.
    at_once = new_link and request.signer.safe_from is None
    forget_tries(mail_link(request, kind, by, now, renew=new_link, asked=at_once))
    if locked:
        finish_locked(locked, by, now)
    return request


def ask_live(request: Request) -> None:
    """Refuse where the request no longer waits for its signer."""
    if not request.is_live:
        raise Refused(
            "consent.over",
            _("This request is “%(state)s”.") % {"state": request.get_state_display()},
        )


@action("consent.revoke", says=_("revoked the consent request"))
def revoke(*, request: Request, by, now: datetime) -> Request:
    """Take a request back; its link dies at once."""
    ask_for_case(request.case, by)
    request = lock(request)
    move(request, State.REVOKED, by, now, ended_at=now)
    close_link(
        purpose=Link.Purpose.CONSENT, subject=request.occasion, how="revoked", by=by, now=now
    )
    note_both(request)
    return request


@action("consent.reply", says=_("answered a question on the consent form"))
def reply(*, question: Question, text: str, by, now: datetime) -> Question:
    """Answer a client's question; a mail with the same link tells her."""
    ask_for_case(question.request.case, by)
    ask_open(question.request.case)
    request = lock(question.request)
    ask_live(request)
    question = Question.objects.get(pk=question.pk)  # as it is under the lock
    _ask_waits(question)
    question.reply, question.replied_by, question.replied_at = text, by, now
    question.save(update_fields=["reply", "replied_by", "replied_at"])
    add_event(request, "replied", by, now, item=question.item.code)
    note_both(request, note=question.item.code)
    mail_link(request, "question_answered", by, now)
    return question


def _ask_waits(question: Question) -> None:
    if question.replied_at:
        raise Refused(
            "consent.replied",
            _("This question was answered already."),
            _("To add something, talk with the client."),
        )
    if question.closed_at:
        raise Refused(
            "consent.question_closed",
            _("The client has changed this question or closed it."),
            _("Please look at the request again."),
        )


@action("consent.explain", says=_("recorded the explanation of the consent form"))
def record_explanation(
    *, request: Request, at: datetime, channel: str, items: Sequence[str], by, now: datetime
) -> Explanation:
    """Record that ``by`` explained the form (G4.2): when, how, which items.

    The signer is told once it is hers to sign. Refused where the same talk stands already.
    """
    ask_for_case(request.case, by)
    ask_open(request.case)
    request = lock(request)
    ask_live(request)
    if at > now:
        raise Refused("consent.future", _("This time lies in the future."), field="at")
    if at < request.created_at - EXPLAINED_BEFORE:
        year = timezone.localdate(now).year
        words = _("This lies long before the request.")
        hint = _("Please give the year as %(year)s, not as %(roc)s (ROC).")
        raise Refused(
            "consent.long_ago", words, hint % {"year": year, "roc": year - 1911}, field="at"
        )
    before, talk = request.state, {"by": by, "at": at, "channel": channel, "items": list(items)}
    if request.explanations.filter(**talk).exists():
        raise Refused("consent.explained_twice", _("This talk is recorded already."))
    row = Explanation.objects.create(request=request, **talk, recorded_at=now)
    add_event(request, "explained", by, now, channel=channel, items=list(items))
    settle(request, by, now)
    note_both(request, said=Explanation.Channel(channel).label)
    if before != request.state == State.READY:
        mail_link(request, "ready_to_sign", by, now)
    return row


@action("consent.countersign", says=_("countersigned the consent form"))
def countersign(*, request: Request, by, now: datetime) -> Countersignature:
    """The psychologist's signature under the client's; only after the explanation (G4.2).

    Refused where a newer form was countersigned since: an old signature never ends a newer consent;
    and where she signed alone while under 18, as her corrected birth date says.
    """
    ask_for_case(request.case, by)
    # Two forms of one client at the same instant: the second sees what the first began.
    Case.objects.select_for_update().get(pk=request.case_id)
    request = lock(request)
    ask_open(request.case)
    if request.is_overtaken:
        raise Refused(
            "consent.overtaken",
            _("A newer form of this client was countersigned since."),
            _("This one is kept, and needs no countersignature any more."),
        )
    if request.state == State.SIGNED and request.signature.is_under_age:
        words = _("The client signed while under 18, which does not count (Civil Code §79).")
        raise Refused("consent.minor", words, SIGN_LATER)
    move(request, State.COUNTERSIGNED, by, now)
    row = Countersignature.objects.create(
        signature=request.signature, by=by, statement=statement_of(request), at=now
    )
    _begin_validity(request, now)
    note_both(request)
    if not request.awaits_check:
        request_document(kind=DOCUMENT, subject=request.signature, by=by, now=now)
    return row


def _begin_validity(request: Request, now: datetime) -> None:
    """The new consent counts from now on; an older one of the same form ends as replaced."""
    form = request.version.form
    same = Validity.objects.select_for_update().filter(
        case=request.case, signer=request.signer, form=form, ended_by=""
    )
    for older in same:
        older.in_force = (older.in_force.lower, now)
        older.ended_by = Validity.Ended.REPLACED
        older.save(update_fields=["in_force", "ended_by"])
    Validity.objects.create(
        signature=request.signature,
        case=request.case,
        signer=request.signer,
        form=form,
        in_force=(now, None),
    )


@action("consent.expire", says=_("the consent request expired"))
def expire(*, request: Request, by, now: datetime) -> Request:
    """End a request whose time is over. A new link wakes it again."""
    request = lock(request)
    if request.is_live and request.expires_at <= now:
        move(request, State.EXPIRED, by, now, ended_at=now)
    note_both(request)
    return request
