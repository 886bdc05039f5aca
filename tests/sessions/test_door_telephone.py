"""The door by telephone: what proves who speaks was agreed or shown before, and stands on file."""

from datetime import timedelta

import pytest

from clinic.errors import Refused
from clinic.kernel.readiness import Met, Missing
from sessions.door.actions import check_door
from sessions.door.on_file import on_file
from sessions.door.points import asked_in
from sessions.gate import gate_of
from sessions.models import CounsellingSession, DoorCheck
from tests.sessions.gate_world import agree_on_a_code_word, first_answers, through_the_door
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
WEEK = timedelta(days=7)
FIVE = timedelta(minutes=5)
CALLED_BACK = "I called back; name and code word are right"
SEEN_BEFORE = "Shown earlier; the client does not ask again"


def fresh(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def by_telephone(session) -> CounsellingSession:
    CounsellingSession.objects.filter(pk=session.pk).update(channel="telephone", call_link="")
    return fresh(session)


def earlier(session, **values) -> CounsellingSession:
    """Another session of the same case, a week before."""
    start = session.during.lower - WEEK
    kept = {"case": session.case, "counsellor": session.counsellor, "room": session.room}
    kept |= {"booked_by": session.counsellor, "booked_at": start, "channel": "video"}
    during = (start, start + timedelta(minutes=50))
    row = CounsellingSession.objects.create(during=during, **kept | values)
    return fresh(row)


def held_in_person(session) -> CounsellingSession:
    times = {"started_at": session.during.lower - WEEK, "ended_at": session.during.lower - WEEK}
    return earlier(session, channel="in_person", state="ended", **times)


def refused(session, **but) -> str:
    """What keeping the first answers leads to, for which ``but`` names others."""
    with pytest.raises(Refused) as caught:
        through_the_door(session, session.during.lower - FIVE, **but)
    return caught.value.code


def identity(session) -> object:
    at = session.during.lower - FIVE
    found = gate_of(fresh(session), at).findings
    return next(f.answer for f in found if f.requirement.code == "sessions.identity")


def test_without_a_code_word_no_call_back_proves_who_answers(ready, counsellor, read):
    held_in_person(ready)
    session, (person,) = by_telephone(ready), ready.people
    page = read(counsellor).get(f"/sessions/{session.pk}/door/")
    assert (CALLED_BACK in words(page), SEEN_BEFORE in words(page)) == (False, True)
    said = "No code word is on file, so nothing proves who answers."
    assert said in words(page)
    assert page.content.decode().count(f'href="/clients/{person.pk}/change/"') == 2
    assert refused(session) == "sessions.no_code_word"
    assert DoorCheck.objects.count() == 0
    through_the_door(session, session.during.lower - FIVE, client_identity="no_code")
    assert isinstance(identity(session), Missing)


def test_with_one_on_file_the_call_back_is_the_first_answer(ready, counsellor, read):
    held_in_person(ready)
    agree_on_a_code_word(ready)
    session = by_telephone(ready)
    page = words(read(counsellor).get(f"/sessions/{session.pk}/door/"))
    assert (CALLED_BACK in page, "No code word is on file" in page) == (True, False)
    through_the_door(session, session.during.lower - FIVE)
    assert identity(session) == Met()


def test_at_a_first_session_by_telephone_no_licence_was_shown_earlier(ready, counsellor, read):
    agree_on_a_code_word(ready)
    session = by_telephone(ready)
    page = words(read(counsellor).get(f"/sessions/{session.pk}/door/"))
    said = "No earlier session of this case shows that the licence was seen."
    assert (SEEN_BEFORE in page, said in page) == (False, True)
    assert refused(session) == "sessions.licence_not_shown"
    through_the_door(session, session.during.lower - FIVE, licence_shown="not_shown")
    assert isinstance(identity(session), Missing)


@pytest.mark.parametrize(
    ("answers", "shown"),
    [(["shown"], True), (["not_shown"], False), (["shown", "not_shown"], False)],
)
def test_a_licence_shown_at_another_door_of_the_case_was_seen(ready, answers, shown):
    """The newest answer of that door counts."""
    before = earlier(ready)
    for number, answer in enumerate(answers):
        at = before.during.lower - FIVE + timedelta(minutes=number)
        through_the_door(before, at, licence_shown=answer)
    session = by_telephone(ready)
    assert (("shown", None) in on_file(session, asked_in(session))) is shown


def test_what_another_psychologist_showed_is_not_her_licence(ready, stranger):
    through_the_door(earlier(ready), ready.during.lower - WEEK)
    CounsellingSession.objects.filter(pk=ready.pk).update(counsellor=stranger)
    assert on_file(by_telephone(ready), asked_in(by_telephone(ready))) == set()


def test_a_session_face_to_face_that_did_not_take_place_shows_nothing(ready):
    earlier(ready, channel="in_person", state="cancelled", cancelled_side="client")
    session = by_telephone(ready)
    assert on_file(session, asked_in(session)) == set()


def test_by_video_nothing_needs_to_be_on_file(ready, django_assert_num_queries):
    session = fresh(ready)
    with django_assert_num_queries(0):
        assert on_file(session, asked_in(session)) == set()
    check_door(
        session=session,
        answers=first_answers(session),
        elsewhere={},
        by=session.counsellor,
        now=session.during.lower - FIVE,
    )
    assert identity(session) == Met()
