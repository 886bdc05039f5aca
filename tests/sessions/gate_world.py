"""What prepares a session: consent, suitability, crisis profile, opening check; one step a function."""

from datetime import datetime, timedelta

from clinic.cases.models import Case
from clinic.clients.actions import add_contact
from clinic.organisation.models import Room
from clinic.people.places import Place
from consent.explained import unexplained
from consent.mailing import LASTS
from consent.models import (
    Countersignature,
    Explanation,
    FormVersion,
    Request,
    Signature,
    Validity,
)
from consent.values import values_of
from consent.wording import canonical, digest
from crisis.profiles.actions import save_profile
from sessions.course.actions import add_event
from sessions.door.actions import check_door
from sessions.door.points import OF_EACH, asked_in
from sessions.models import CounsellingSession, StartAttempt
from sessions.notes.actions import save_draft
from tests.consent.conftest import publish
from tests.crisis.profiles.conftest import everything
from tests.sessions.assessing import assess


def consented(case: Case, now: datetime) -> Request:
    """Put the client's consent into force by its rows alone: explained, signed, countersigned."""
    (person,), counsellor = case.people, case.counsellor
    version = FormVersion.objects.current("individual")
    request = Request(case=case, signer=person, version=version, mailed_to=person.email_index)
    request.values = canonical(values_of(case, person))
    request.state, request.electronic_at = "countersigned", now
    request.created_by, request.created_at, request.expires_at = counsellor, now, now + LASTS
    request.save()
    explained = {"by": counsellor, "at": now, "channel": "video", "recorded_at": now}
    Explanation.objects.create(request=request, items=unexplained(request), **explained)
    signature = Signature(request=request, evidence="{}", sha256=digest([request.pk]))
    signature.method, signature.rung, signature.signed_at = "typed", "link_dob", now
    signature.save()
    Countersignature.objects.create(signature=signature, by=counsellor, statement="", at=now)
    validity = Validity(signature=signature, case=case, signer=person, form=version.form)
    validity.in_force = (now, None)
    validity.save()
    return request


def profiled(case: Case, now: datetime) -> None:
    """Write a whole crisis profile for each place of the case's people."""
    by = {"by": case.counsellor, "now": now}
    for place in Place.objects.in_use().of(case.people):
        contact = {"name": "江立秋", "relation": "姊妹", "phones": "0000-000-012"}
        add_contact(person=place.person, values=contact, **by)
        save_profile(place=place, **everything(), **by)


def prepared(case: Case, admin, now: datetime) -> None:
    """Everything that a first session needs before the door."""
    publish(admin, now)
    consented(case, now)
    profiled(case, now)
    assess(case, now)


def first_answers(session: CounsellingSession, **but: str) -> dict[tuple[str, int | None], str]:
    """Answer every point with its first answer; ``but`` names other answers by point."""
    people = [person.pk for person in session.people]
    return {
        (one.point, person): but.get(one.point, one.options[0].key)
        for one in asked_in(session)
        for person in (people if one.point in OF_EACH else [None])
    }


def through_the_door(session: CounsellingSession, now: datetime, **but: str) -> None:
    """Go through the opening check."""
    answers = first_answers(session, **but)
    check_door(session=session, answers=answers, elsewhere={}, by=session.counsellor, now=now)


def agree_on_a_code_word(session: CounsellingSession) -> None:
    """Enter one in the file of the session's client."""
    (person,) = session.people
    person.code_word = "借書"
    person.save(update_fields=["code_word"])


def in_progress(case: Case, room: Room, link: str, note: str, now: datetime) -> dict[str, object]:
    """Return a session in progress by its row alone, with what stands around it."""
    counsellor, by = case.counsellor, {"by": case.counsellor, "now": now}
    session = CounsellingSession(case=case, counsellor=counsellor, room=room)
    session.channel, session.call_link = "video", link
    session.during, session.started_at = (now, now + timedelta(minutes=50)), now
    session.state, session.booked_by, session.booked_at = "started", counsellor, now
    session.save()
    attempt = StartAttempt(session=session, number=1, started=True, by=counsellor, at=now)
    attempt.despite, attempt.despite_reason = True, note
    attempt.save()
    event = add_event(session=session, kind="disconnected", **by)
    save_draft(session=session, values={"course": note}, revision=0, **by)
    return {"session": session, "event": event, "attempt": attempt}
