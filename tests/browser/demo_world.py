"""The demo's clinic with a row for every place in an address."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from clinic.accounts.models import User
from clinic.cases.models import Case
from clinic.kernel.links.models import Link
from clinic.organisation.models import Premises
from clinic.people.models import Person
from clinic.staff.actions import add_oversight
from clinic.staff.models import Approval, ApprovedPerson, Credential, Oversight
from consent import signing
from consent.models import FormVersion, Request, ReturnedPaper
from crisis.directory.story import SILENT
from crisis.models import Resource
from sessions.appointments import appointment
from sessions.client.links import link_for
from sessions.models import Jurisdiction, StartAttempt, Suitability
from tests.browser.sessions_shown import a_session, in_progress
from tests.demo.mails import a_mail
from tests.world import PK_OF, World


def demo_world() -> World:
    """Return the demo's clinic, with a row for every place in an address."""
    member = User.objects.get(email="guyu@clinic.example")
    person = Person.objects.get(name="江小滿")
    approval = Approval.objects.get()
    rows = {
        "client": person,
        "contact": person.emergency_contacts.first(),
        "place": person.places.first(),
        "case": Case.objects.get(participants__person=person),
        "member": member,
        "credential": Credential.objects.filter(practitioner__user=member).first(),
        "oversight": supervised(member),
        "approval": approval,
        "person": ApprovedPerson.objects.named_in(approval).first(),
        "premises": Premises.objects.first(),
        "room": Premises.objects.first().rooms.first(),
        "token": Link.objects.filter(closed_at=None).first().token,
        "mail": a_mail(),
        "evidence": "consent.signed_items",
        "resource": Resource.objects.get(name=SILENT["name"]),
        "training": member.practitioner.training.first(),
        "jurisdiction": Jurisdiction.objects.first(),
        "assessment": Suitability.objects.filter(case__participants__person=person).first(),
        "version": FormVersion.objects.current("individual"),
        "appointment": appointment_link(person),
        **session_rows(person),
        **consent_rows(),
    }
    assert {*PK_OF.values()} - {*rows} == {"task"}  # a button, not a page
    return World({}, rows)


def supervised(member: User) -> Oversight:
    """Give a counsellor a supervisor: the demo's own rows are those of interns."""
    return add_oversight(
        overseen=member,
        overseer=User.objects.get(email="lichun@clinic.example"),
        kind="clinical",
        period=DateRange(timezone.localdate(), None),
        by=User.objects.get(email="lixia@clinic.example"),
        now=timezone.now(),
    )


def appointment_link(person: Person) -> Link:
    """The link to a session that begins in ten minutes: the way to the call stands on its page."""
    now = timezone.now()
    return link_for(appointment(a_session(person, now, 10), person), now)


def session_rows(person: Person) -> dict[str, object]:
    session, event = in_progress(person, timezone.now())
    attempt = StartAttempt.objects.filter(despite=True).first()
    return {"session": session, "event": event, "attempt": attempt}


def request_of(name: str) -> Request:
    return Request.objects.get(signer__name=name)


def link_of(request: Request) -> Link:
    return Link.objects.get(subject=request.occasion)


def consent_rows() -> dict[str, object]:
    """A request that is half answered, with a question of its signer's."""
    request = request_of("鄭白露")
    item = request.asked_items().get(code="A6")
    asked = {"item": item, "choice": "ask", "text": "線路不穩的時候，可以由我先停嗎？"}
    signing.answer(request=request, **asked, by=request.signer, now=timezone.now())
    rows = {"request": request, "question": request.questions.get(), "link_id": link_of(request)}
    paper = {"paper": ReturnedPaper.objects.get()}
    return rows | paper | {"number": 1, "which": "annex_stability"}
