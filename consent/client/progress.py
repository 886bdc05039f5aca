"""Where a signed document stands, in the signer's words."""

from datetime import datetime

from django.utils.translation import gettext as _

from clinic.kernel.documents.models import Document
from consent.models import Request, State


def sealed_document(request: Request) -> Document | None:
    """Return the sealed document of a request; None while there is none."""
    signature = getattr(request, "signature", None)
    if signature is None:
        return None
    made = Document.objects.filter(
        subject_label=signature._meta.label_lower,
        subject_id=signature.pk,
        state=Document.State.SEALED,
    )
    return made.select_related("file").first()


def coming(request: Request, sealed: Document | None) -> list[tuple[str, str, str]]:
    """Return (when, what, detail) for each thing that is still to come."""
    name = request.case.counsellor.name
    if request.state == State.DECLINED:
        others = _("You can talk with %(name)s about other ways") % {"name": name}
        changed = _("If you change your mind, tell us and we send a new request.")
        return [(_("now"), others, changed)]
    if request.state == State.PAPER_REFUSED:
        return [(_("next"), _("%(name)s will contact you") % {"name": name}, "")]
    if request.is_overtaken:
        words = _("A form that you signed later has taken the place of this one")
        return [(_("now"), words, _("You need not do anything."))]
    if request.state in (State.EXPIRED, State.REVOKED):
        return [(_("now"), _("This request is closed"), _("Please call the clinic."))]
    if request.paper_wished_at and request.is_live:
        return [_paper_comes(request)]
    if request.state == State.SIGNED and request.is_out_of_hand:
        kept = _("Your signature is kept. We tell you how it goes on.")
        return [(_("now"), _("Please call the clinic."), kept)]
    if request.state == State.SIGNED and request.signature.is_under_age:
        return [(_("next"), _("%(name)s will contact you") % {"name": name}, "")]
    steps = []
    if request.state == State.SIGNED:
        steps.append(
            (
                _("within two working days"),
                _("%(name)s countersigns") % {"name": name},
                _("You need not do anything."),
            )
        )
    if request.state in (State.SIGNED, State.COUNTERSIGNED) and sealed is None:
        steps.append((_("then"), _("You get a mail with a link to the finished document"), ""))
    if sealed:
        steps.append((_("now"), _("The document is finished"), _("Please download and keep it.")))
    return steps


def _paper_comes(request: Request) -> tuple[str, str, str]:
    """Nothing goes by post to who has to be reached with care, before she was asked."""
    if request.signer.safe_contact:
        asked = _("We ask you first how you would like to get the paper form")
        return _("next"), asked, _("Until then nothing is sent by post.")
    return _("next"), _("The clinic sends you the paper form"), ""


def signed_at(request: Request) -> datetime | None:
    """Return when the request was signed; None while it is not, or where that never counted."""
    if request.state == State.PAPER_REFUSED:
        return None
    signature = getattr(request, "signature", None)
    return signature.signed_at if signature else None


def state_words(request: Request) -> str:
    """Return where the document stands, in a title for the signer."""
    words = {
        State.SIGNED: _("Your signature has arrived"),
        State.COUNTERSIGNED: _("Your document is complete"),
        State.DECLINED: _("You chose not to sign"),
        State.EXPIRED: _("This link has expired"),
        State.REVOKED: _("The clinic took this request back"),
        State.PAPER_REFUSED: _("The paper form has to be signed once more"),
    }
    if request.paper_wished_at and request.is_live:
        careful = request.signer.safe_contact
        return _("You asked for paper") if careful else _("Paper is on its way")
    return words.get(request.state, _("Your answers are saved"))
