"""The paper path, of the same rank as the link: prepare, receive, compare (G4.2)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.cases.models import Case
from clinic.errors import Refused
from clinic.kernel.action import action, ask
from clinic.kernel.documents.actions import request_document
from clinic.kernel.files.examine import Content
from clinic.kernel.files.store import store
from consent import emails
from consent.access import other_checkers
from consent.actions import ask_for_case, ask_live, ask_open, make_request, note_both
from consent.explained import unexplained
from consent.models import (
    Answer,
    PaperPage,
    Request,
    ReturnedPaper,
    Signature,
    State,
    Understanding,
    Validity,
)
from consent.models.requests import DOCUMENT, PAPER_FORM
from consent.moves import PAPER_WAITS, add_event, lock, move, wake
from consent.of_age import ask_of_age, is_minor
from consent.paper.blank import form_of
from consent.paper.days import earliest_day
from consent.paper.wish import MADE
from consent.signed_evidence import evidence_of, keep_signature

Came = ReturnedPaper.Came
NO_DEVICE = {"ip": "", "agent": "", "link": 0}


@action("consent.prepare_paper", says=gettext_lazy("prepared the consent form on paper"))
def prepare_paper(*, case: Case, by, now: datetime) -> Request:
    """Ask the case's client on paper: nothing is mailed, the form is made to be printed."""
    ask_for_case(case, by)
    ask_open(case)
    request = make_request(case, by, now, lasts=PAPER_WAITS)
    _make_form(request, by, now)
    return request


@action("consent.to_paper", says=gettext_lazy("made the consent form to be printed"))
def change_to_paper(*, request: Request, by, now: datetime) -> Request:
    """Go on by paper with a request that was mailed: the form is made, the link stays good."""
    ask_for_case(request.case, by)
    request = lock(request)
    ask_open(request.case)
    wake(request, by, now)
    ask_live(request)
    ask_of_age(request.signer, now)
    _make_form(request, by, now)
    return request


def _make_form(request: Request, by, now: datetime) -> None:
    """The day of the wish is kept; made twice, it is one document."""
    request.paper_wished_at = request.paper_wished_at or now
    request.expires_at = max(request.expires_at, now + PAPER_WAITS)
    request.save(update_fields=["paper_wished_at", "expires_at"])
    add_event(request, MADE, by, now)
    note_both(request)
    request_document(kind=PAPER_FORM, subject=request, by=by, now=now)


@action("consent.receive_paper", says=gettext_lazy("entered the consent form signed on paper"))
def receive_paper(
    *,
    request: Request,
    came: str,
    signed_on: date,
    disagreed: Sequence[str],
    understood: Mapping[str, str],
    scan: Sequence[Content],
    by,
    now: datetime,
) -> ReturnedPaper:
    """Enter a form that came back. Where an item is not agreed to, the request ends as declined.

    :param disagreed: codes of the items that are not ticked as agreed to.
    :param understood: by check question, the answer that was ticked or given by voice.
    :param scan: the files of the scan in their order; each was examined by ``UploadField``.
    Raises Refused without a recorded explanation, for an impossible day, a wrong answer.
    """
    ask_for_case(request.case, by)
    request = lock(request)
    ask_open(request.case)
    _ask_waiting(request)
    _ask_day(signed_on, request, now)
    _ask_not_refused_since(signed_on, request)
    _keep_answers(request, disagreed, by, now)
    _keep_understanding(request, understood, by, now)
    paper = ReturnedPaper.objects.create(
        request=request, came=came, signed_on=signed_on, uploaded_by=by, uploaded_at=now
    )
    _keep_scan(paper, scan, by, now)
    add_event(request, "paper_received", by, now, came=came, disagreed=list(disagreed))
    if disagreed:
        reason = _("Not agreed to on paper: %(items)s") % {"items": ", ".join(disagreed)}
        move(request, State.DECLINED, by, now, ended_at=now, ended_reason=reason)
    else:
        _sign(request, paper, understood, by, now)
    note_both(request)
    return paper


def _ask_waiting(request: Request) -> None:
    """The post may be late: an expired request still takes its paper, unless another followed."""
    if request.state != State.EXPIRED or request.is_followed:
        ask_live(request)


def _ask_day(signed_on: date, request: Request, now: datetime) -> None:
    """The day on the paper, by her calendar, is not before the form was made and explained (G4.2)."""
    explained = request.explanations.order_by("at").first()
    if form_of(request) is None:
        words, field = _("No paper form was made for this request."), None
    elif explained is None or unexplained(request):
        words, field = _("The explanation is not recorded yet. Please record it first."), None
    elif signed_on > timezone.localdate(now):
        words, field = _("This day lies in the future."), "signed_on"
    elif is_minor(request.signer, signed_on):
        words = _("The client was under 18 on that day: to sign alone was not enough.")
        field = "signed_on"
    elif signed_on < earliest_day(request.signer, request.created_at):
        words = _("This form did not exist yet on that day. Please check the date.")
        field = "signed_on"
    elif signed_on < earliest_day(request.signer, explained.at):
        words = _(
            "On that day nobody had explained the form yet. Please explain, and have it signed."
        )
        field = "signed_on"
    else:
        return
    raise Refused("consent.day", words, field=field)


def _ask_not_refused_since(signed_on: date, request: Request) -> None:
    """A paper does not undo what was refused by the link after it was signed and not talked about."""
    refused = request.answers.filter(choice=Answer.Choice.DISAGREE).order_by("-at").first()
    if refused is None or timezone.localdate(refused.at) < signed_on:
        return
    if not request.explanations.filter(at__gt=refused.at).exists():
        raise Refused(
            "consent.refused_since",
            _("After signing this paper the client did not agree to %(item)s by the link.")
            % {"item": refused.item.code},
            _("Please talk with the client, record that, and have it signed again."),
        )


def _keep_answers(request: Request, disagreed: Sequence[str], by, now: datetime) -> None:
    before = {row.item_id: row.choice for row in request.answers.all()}
    for item in request.asked_items():
        agrees = item.code not in disagreed
        choice = Answer.Choice.AGREE if agrees else Answer.Choice.DISAGREE
        Answer.objects.update_or_create(
            request=request, item=item, defaults={"choice": choice, "at": now}
        )
        if before.get(item.pk, choice) != choice:
            add_event(request, "answered", by, now, item=item.code, choice=choice)
        if agrees and request.questions.filter(item=item, closed_at=None).update(closed_at=now):
            add_event(request, "question_closed", by, now, item=item.code)


def _keep_understanding(request: Request, understood: Mapping[str, str], by, now: datetime) -> None:
    for asked in request.version.content["understanding"]["questions"]:
        choice = understood[asked["id"]]
        if choice != asked["right"]:
            raise Refused(
                "consent.not_understood",
                _("This answer shows that something was not clear."),
                _("Please explain it again, and enter the answer that the client then gives."),
                field=asked["id"],
            )
        Understanding.objects.create(
            request=request, question=asked["id"], choice=choice, right=True, at=now
        )
        add_event(request, "checked", by, now, question=asked["id"], right=True)


def _keep_scan(paper: ReturnedPaper, scan: Sequence[Content], by, now: datetime) -> None:
    for number, content in enumerate(scan, start=1):
        file = store(content, by=by, now=now)
        PaperPage.objects.create(paper=paper, number=number, file=file)


def _sign(
    request: Request, paper: ReturnedPaper, understood: Mapping[str, str], by, now: datetime
) -> None:
    """The signature on the paper, with the fingerprint of each file of its scan.

    The comparison comes later: it stands in the events and on the certificate, not in the evidence.
    """
    form = form_of(request)
    at_clinic = paper.came == Came.AT_CLINIC
    signature: dict[str, Any] = {
        "method": Signature.Method.PAPER,
        "name": request.signer.name,
        "strokes": [],
        "at": now.isoformat(),
        "rung": Signature.Rung.IN_PERSON if at_clinic else Signature.Rung.PAPER,
        "signed_on": str(paper.signed_on),
        "came": paper.came,
        "entered_by": by.name,
        "form": {"code": form.code, "sha256": form.sha256},
        "understood": dict(understood),
        "scan": [page.file.sha256 for page in paper.pages.select_related("file")],
    }
    keep_signature(request, evidence_of(request, signature, NO_DEVICE), by, now)


@action("consent.check_paper", says=gettext_lazy("compared the paper form with what was entered"))
def check_paper(
    *, paper: ReturnedPaper, right: bool, remark: str = "", by, now: datetime
) -> ReturnedPaper:
    """The second person's verdict. A form that is not right never counted; another is needed.

    Raises Refused for whoever entered it, unless there is no other administrator (single-handed).
    """
    ask(by.is_admin, _("Only administrators compare paper forms."))
    request = lock(paper.request)
    paper = ReturnedPaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if not request.awaits_check:
        raise Refused("consent.checked", _("This paper form no longer waits to be compared."))
    if not right and not remark.strip():
        raise Refused("consent.remark", _("Please say what is not right."), field="remark")
    paper.single_handed = _single_handed(paper, by)
    paper.checked_by, paper.checked_at, paper.found_right, paper.remark = by, now, right, remark
    paper.save(update_fields=["single_handed", "checked_by", "checked_at", "found_right", "remark"])
    add_event(request, "paper_checked", by, now, right=right)
    if not right:
        _undo_consent(request, remark, by, now)
    elif request.state == State.COUNTERSIGNED:
        request_document(kind=DOCUMENT, subject=request.signature, by=by, now=now)
    note_both(request)
    return paper


def _single_handed(paper: ReturnedPaper, by) -> bool:
    if paper.uploaded_by_id != by.pk:
        return False
    if other_checkers(by).exists():
        raise Refused(
            "consent.same_person",
            _("Whoever entered a paper form does not compare it as well."),
            _("Please ask another administrator."),
        )
    return True


def _undo_consent(request: Request, remark: str, by, now: datetime) -> None:
    """It never counted, so its time is empty, and what it had replaced counts on."""
    found = Validity.objects.select_for_update().filter(signature=request.signature).first()
    if found:
        since = found.in_force.lower
        found.in_force, found.ended_by = (since, since), Validity.Ended.INVALIDATED
        found.save(update_fields=["in_force", "ended_by"])
        _restore_replaced(found, since)
    move(request, State.PAPER_REFUSED, by, now, ended_at=now, ended_reason=remark)
    emails.tell_psychologist("consent_for_psychologist", request, now)


def _restore_replaced(refused: Validity, since: datetime) -> None:
    same = Validity.objects.select_for_update().filter(
        case=refused.case_id, signer=refused.signer_id, form=refused.form_id
    )
    if same.filter(ended_by="").exists():
        return  # a newer one counts already
    for older in same.filter(ended_by=Validity.Ended.REPLACED, in_force__endswith=since):
        older.in_force, older.ended_by = (older.in_force.lower, None), ""
        older.save(update_fields=["in_force", "ended_by"])
