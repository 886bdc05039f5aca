"""What prepares a session: consent, suitability, crisis profile, opening check; one step a function."""

from datetime import datetime, timedelta

from clinic.cases.models import Case
from clinic.clients.actions import add_contact
from clinic.organisation.models import Room
from clinic.people.places import Place
from consent import actions as consent
from consent.models import Request
from consent.publishing import publish_forms, save_particulars
from consent.signing import open_request, sign
from consent.wording import particulars_asked
from crisis.profiles.actions import save_profile
from sessions.course.actions import add_event
from sessions.door.actions import check_door
from sessions.door.points import OF_EACH, asked_in
from sessions.models import CounsellingSession, StartAttempt
from sessions.notes.actions import save_draft
from tests.consent.conftest import DEVICE, agree_to_all, explain, understand
from tests.crisis.profiles.conftest import everything
from tests.sessions.assessing import assess


def publish(admin, now: datetime) -> None:
    """Publish the default forms."""
    words = {key: (f"{key}（示範）", f"{key} (demo)") for key in particulars_asked()}
    save_particulars(values=words, by=admin, now=now)
    publish_forms(by=admin, now=now)


def consented(case: Case, now: datetime) -> Request:
    """Have the client's consent signed and countersigned."""
    (person,) = case.people
    request = consent.send_request(case=case, by=case.counsellor, now=now)
    request = open_request(request=request, electronic=True, by=person, now=now)
    agree_to_all(request, person, now)
    understand(request, person, now)
    explain(request, case.counsellor, now)
    request.refresh_from_db()
    sign(
        request=request,
        method="typed",
        name=person.name,
        strokes="",
        device=DEVICE,
        by=person,
        now=now,
    )
    request.refresh_from_db()
    consent.countersign(request=request, by=case.counsellor, now=now)
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
