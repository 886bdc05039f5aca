"""The register of practitioners, licences and approvals, sealed: for the health bureau's visit."""

from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from clinic.accounts.models import User
from clinic.kernel.action import action, ask, record
from clinic.kernel.documents.actions import request_document
from clinic.kernel.documents.models import Document
from clinic.kernel.documents.registry import Draft, document
from clinic.organisation.models import Clinic
from clinic.organisation.setup import require_clinic
from clinic.staff.models import Approval, ApprovedPerson
from clinic.staff.rows import member_file

KIND = "staff.register"


@action("staff.request_register", says=gettext_lazy("asked for the sealed register of staff"))
def request_register(*, by, now: datetime) -> Document:
    """Ask for the register as it stands now. Asked twice within a minute it is one document."""
    ask(by.is_admin, gettext_lazy("Only administrators make the register."))
    clinic = require_clinic()
    record(clinic)
    minute = int(now.timestamp()) // 60
    return request_document(kind=KIND, subject=clinic, version=minute, by=by, now=now)


def _approvals() -> QuerySet[Approval]:
    """Return all approvals, their premises with addresses and their people by name."""
    people = Prefetch("people", ApprovedPerson.objects.by_name())
    return Approval.objects.with_places().prefetch_related("premises__town__county", people)


def _may_read(user, _document) -> bool:
    return user.is_admin


@document(KIND, gettext_lazy("Register of staff and approvals"), _may_read)
def build(subject_id: int, version: int, now: datetime) -> Draft:
    """Every practitioner with an open account, set up or not, what qualifies them, and the approvals; of the day."""
    today = timezone.localdate(now)
    with translation.override("zh-hant"):
        members = User.objects.listed().in_state("").practitioners()
        context = {
            "clinic": Clinic.the_one(),
            "today": today,
            "members": [(member, member_file(member, today)) for member in members],
            "approvals": [(row, row.people.all()) for row in _approvals()],
        }
        html = render_to_string("staff/register.html", context)
        return Draft(gettext("Register of staff and approvals"), html)
