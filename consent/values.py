"""What a form says of this signer: names, the emergency contact, the number of notices, the paper."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from clinic.cases.models import Case
from clinic.kernel.dates import moment
from clinic.people.models import Person
from clinic.staff.models import Oversight
from consent.models.requests import Request
from consent.replaced import is_replaced

NOTICES = 5  # and the intern's own makes six
LANGUAGES = (("zh", "zh-hant"), ("en", "en"))
COLON = {"zh": "：", "en": ": "}
FILLED_IN = {
    "client_name": gettext_lazy("the client's name"),
    "practitioner_name": gettext_lazy("the psychologist's name"),
    "supervisor_name": gettext_lazy("the supervisor"),
    "emergency_contact_name": gettext_lazy("the emergency contact"),
    "no_call": gettext_lazy("whether she may be called"),
}


def values_of(case: Case, signer: Person) -> dict[str, dict[str, str]]:
    """Return the signer's placeholders for ``zh`` and ``en``, as they are on this day."""
    contact = signer.emergency_contacts.filter(ended_at=None, do_not_contact=False).first()
    values = {}
    for language, code in LANGUAGES:
        with override(code):
            supervisor = _supervisor(case)
            values[language] = {
                "client_name": signer.name,
                "practitioner_name": case.counsellor.name,
                "supervisor_name": supervisor,
                "notice_count": str(NOTICES + bool(supervisor)),
                "emergency_contact_name": contact.name if contact else _("not named yet"),
                "no_call": "" if signer.may_be_called else "yes",
            }
    return values


def outdated(request: Request) -> list[str]:
    """Return what of a request is another since, in words; at most five queries.

    The words of a request stay as they were sent; whoever sent it decides whether to send it anew.
    """
    filled, today = request.words("zh"), values_of(request.case, request.signer)["zh"]
    found = [str(words) for key, words in FILLED_IN.items() if filled.get(key, "") != today[key]]
    if is_replaced(request):
        found.append(_("the form itself: a newer version is published"))
    return found


def _supervisor(case: Case) -> str:
    practitioner = getattr(case.counsellor, "practitioner", None)
    if practitioner is None or not practitioner.is_intern:
        return ""
    today = timezone.localdate()
    named = Oversight.objects.in_force_on(today).of_service().select_related("overseer")
    # Clinically first, as the gate asks them: the supervisor who judges and shows the licence.
    overseer = named.filter(overseen=case.counsellor).order_by("kind", "id").first()
    return overseer.overseer.name if overseer else _("the clinic's supervisor")


def closing_values(request: Request, language: str) -> dict[str, str]:
    """Return who explained the form and when, for the words above the signature."""
    row = request.explanations.select_related("by").first()
    if row is None:
        return {}
    return {"explained_by": row.by.name, "explained_on": moment(row.at)}


def statement_of(request: Request) -> str:
    """Return what the psychologist declares with the countersignature, in the document's language.

    Of the form, and of each attached paper in which she undertakes something.
    """
    language = "en" if request.language == "en" else "zh"
    words = request.version.content["closing"][f"practitioner_{language}"]
    promised = (
        f"{version.title(language)}{COLON[language]}{own[language]}"
        for version in request.attached.order_by("pk")
        if (own := version.content.get("practitioner"))
    )
    return "\n\n".join((words, *promised))


def paper_steps(request: Request, language: str) -> str:
    """Return how it goes on paper. Who has to be reached with care is promised nothing by post.

    It may be read before the birth date: it says no more of the clinic than the page does.
    """
    if request.signer.safe_contact:
        return _(
            "Nothing is sent to you by post. First we ask you, in the way you agreed with us, how you "
            "would like to get the paper form; you can also collect it from us. Please tick each "
            "item, sign and date under “Signature”, and bring it back. A second member of staff checks it."
        )
    return request.version.content["electronic_form"][f"paper_steps_{language}"]
