"""A session with who signed alone as a minor does not begin on the day on which she comes of age."""

from datetime import timedelta

from sessions.course.actions import start
from sessions.models import CounsellingSession
from tests.sessions.gate_world import prepared, through_the_door


def test_who_was_17_when_she_signed_does_not_begin_on_her_birthday(session, admin, now):
    (person,), day = session.people, session.starts_at.date()
    person.birth_date = day.replace(year=day.year - 18)
    person.save(update_fields=["birth_date"])
    prepared(session.case, admin, now)
    session = CounsellingSession.objects.with_people().get(pk=session.pk)
    through_the_door(session, session.during.lower - timedelta(minutes=5))
    outcome = start(session=session, by=session.counsellor, now=session.during.lower)
    missing = [finding.requirement.code for finding in outcome.missing]
    assert (outcome.started, missing) == (False, ["consent.in_force"])
