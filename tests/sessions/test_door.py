"""The opening check: what is asked by which way, ticked beforehand, kept, and where the client is."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from clinic.errors import NotAllowed, Refused
from clinic.organisation.models import Town
from sessions.booking.actions import move
from sessions.course.actions import start
from sessions.door.actions import check_door, newest_answers
from sessions.door.forms import DoorForm
from sessions.door.points import OF_EACH, asked_in
from sessions.gate import gate_of
from sessions.models import CounsellingSession, DoorCheck, SessionPlace
from sessions.places import Told, places_of
from tests.sessions.conftest import CALL
from tests.sessions.gate_world import first_answers, through_the_door

Point = DoorCheck.Point
TAPS = 8


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def fresh(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def answer_of(session, code, now) -> object:
    return {f.requirement.code: f for f in gate_of(fresh(session), now).findings}[code].answer


def form_of(session, data=None) -> DoorForm:
    row = fresh(session)
    asked_too = {f"line_{person.pk}": "good" for person in row.people}
    return DoorForm(
        data and asked_too | data,
        session=row,
        asked=asked_in(row),
        known=newest_answers(row),
        placed=set(places_of([row])[row.pk]),
    )


def check(session, answers, by, now, elsewhere=None):
    return check_door(session=session, answers=answers, elsewhere=elsewhere or {}, by=by, now=now)


def test_every_point_but_the_roles_is_asked_of_one_client(session):
    assert [one.point for one in asked_in(session)] == [p for p in Point if p != Point.ROLES]


def test_both_languages_say_every_point_by_both_ways(session):
    for language in ("en", "zh-hant"):
        for channel in ("video", "telephone"):
            session.channel = channel
            with override(language):
                said = asked_in(session)
            assert [one.point for one in said if not one.say] == []
            assert [one.point for one in said if one.options[0].result != "ok"] == []


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("video", "Cameras are on, and both confirmed no recording"),
        ("telephone", "Both confirmed no recording"),
    ],
)
def test_by_video_the_answer_on_recording_says_that_the_cameras_are_on(session, channel, said):
    session.channel = channel
    asked = next(one for one in asked_in(session) if one.point == Point.NO_RECORDING)
    assert asked.option_of("none").label == said


def test_by_telephone_identity_is_a_call_back_and_the_code_word(session):
    session.channel = "telephone"
    identity, *_rest = asked_in(session)
    assert "I call the number on file" in identity.say
    assert "code word" in identity.options[0].label
    assert "camera" not in " ".join(one.say for one in asked_in(session))


def test_what_is_on_file_is_ticked_and_the_rest_takes_eight_taps_at_most(session):
    form = form_of(session)
    radios = [field for one, fields in form.rows() for field in fields]
    (person,) = session.people
    assert [field.name for field in radios if field.initial] == [
        "room",
        f"place_{person.pk}",
        f"disconnect_plan_{person.pk}",
    ]
    to_tap = [field for field in radios if not field.initial]
    keep_and_start = 2
    assert len(to_tap) + keep_and_start <= TAPS


def test_the_code_word_and_the_number_stand_on_the_door_page(session, counsellor, browse):
    (person,) = session.people
    person.code_word = "借書"
    person.save(update_fields=["code_word"])
    page = browse(counsellor).get(f"/sessions/{session.pk}/door/").content.decode()
    assert "借書" in page
    assert "0000-000-011" in page


def test_answers_are_kept_once_each_and_the_newest_counts(session, counsellor):
    at = session.during.lower - timedelta(minutes=5)
    through_the_door(session, at)
    rows = DoorCheck.objects.count()
    through_the_door(session, at + timedelta(minutes=1))
    assert DoorCheck.objects.count() == rows == len(asked_in(session))
    through_the_door(session, at + timedelta(minutes=2), private="overheard")
    assert DoorCheck.objects.count() == rows + 1
    assert str(answer_of(session, "sessions.private", at).reason) == (
        "a participant may be overheard"
    )


def test_what_was_not_answered_stays_open(session, counsellor):
    at = session.during.lower
    check(session, {(Point.ROOM, None): "alone"}, counsellor, at)
    assert str(answer_of(session, "sessions.room", at)) == "Met(note='')"
    assert "not been asked" in str(answer_of(session, "sessions.place", at).reason)


def test_the_door_opens_an_hour_before_the_session(session, counsellor):
    early = session.during.lower - timedelta(minutes=61)
    with pytest.raises(Refused) as caught:
        check(session, first_answers(session), counsellor, early)
    assert (caught.value.code, DoorCheck.objects.count()) == ("sessions.door_early", 0)
    through_the_door(session, early + timedelta(minutes=1))
    assert DoorCheck.objects.count() == len(asked_in(session))


def test_answers_given_before_a_session_was_moved_are_asked_anew(open_door, counsellor, room):
    """What was true a week ago, nobody knows today: identity, place, who can hear."""
    at = open_door.during.lower
    week = timedelta(days=7)
    move(
        session=open_door,
        room=room,
        channel="video",
        start=at + week,
        minutes=50,
        call_link=CALL,
        by=counsellor,
        now=at - timedelta(minutes=1),
    )
    moved = fresh(open_door)
    assert newest_answers(moved) == {}
    outcome = start(session=moved, version=moved.version, by=counsellor, now=at + week)
    assert (outcome.started, {f.requirement.app for f in outcome.missing}) == (False, {"sessions"})
    through_the_door(moved, at + week)
    assert start(session=moved, by=counsellor, now=at + week).started
    (person,) = moved.people
    assert places_of([moved])[moved.pk][person.pk].at == at + week


def test_the_place_on_file_becomes_the_place_of_the_day_when_confirmed(session):
    at = session.during.lower - timedelta(minutes=5)
    through_the_door(session, at)
    through_the_door(session, at + timedelta(minutes=1))
    (row,) = SessionPlace.objects.all()
    assert (row.how, row.town.name_zh, row.street, row.call_back) == (
        "door",
        "文山區",
        "示範路 11 號",
        "0000-000-011",
    )


def test_another_county_told_at_the_door_is_the_place_of_the_day(session, counsellor, now):
    (person,) = session.people
    told = Told("TW", "", Town.objects.get(name_zh="新店區"), "示範路 99 號")
    answers = {(Point.PLACE, person.pk): "taiwan"}
    check(session, answers, counsellor, session.during.lower, {person.pk: told})
    where = places_of([fresh(session)])[session.pk][person.pk]
    assert (where.town.name_zh, where.street) == ("新店區", "示範路 99 號")


def test_another_county_asks_for_its_own_crisis_profile(open_door, counsellor):
    at = open_door.during.lower
    (person,) = open_door.people
    told = Told("TW", "", Town.objects.get(name_zh="新店區"), "示範路 99 號")
    check(open_door, {(Point.PLACE, person.pk): "taiwan"}, counsellor, at, {person.pk: told})
    assert {f.requirement.code for f in gate_of(fresh(open_door), at).missing} == {
        "crisis.profile",
        "crisis.out_of_hours",
    }


def test_abroad_without_a_rule_on_file_is_red_and_absolute(open_door, counsellor):
    at = open_door.during.lower
    (person,) = open_door.people
    told = Told("GB", "London", None, "1 Example Street")
    check(open_door, {(Point.PLACE, person.pk): "abroad"}, counsellor, at, {person.pk: told})
    gate = gate_of(fresh(open_door), at)
    assert (gate.colour, [f.requirement.code for f in gate.never]) == (
        "stop",
        ["sessions.jurisdiction"],
    )


@pytest.mark.parametrize(
    ("chosen", "missing"), [("taiwan", ["town", "street"]), ("abroad", ["country", "street"])]
)
def test_a_place_elsewhere_needs_its_address(session, chosen, missing):
    (person,) = session.people
    form = form_of(session, {f"place_{person.pk}": chosen})
    assert sorted(form.errors) == sorted(f"{name}_{person.pk}" for name in missing)


def test_a_place_in_an_unknown_country_is_refused(session):
    (person,) = session.people
    data = {f"place_{person.pk}": "abroad", f"country_{person.pk}": "ZZ"}
    form = form_of(session, data | {f"street_{person.pk}": "1 Example Street"})
    assert list(form.errors) == [f"country_{person.pk}"]


def test_without_a_place_on_file_it_cannot_be_confirmed_as_such(case, counsellor, now, session):
    (person,) = session.people
    form = DoorForm(
        {f"place_{person.pk}": "as_filed", f"line_{person.pk}": "good"},
        session=session,
        asked=asked_in(session),
        known={},
        placed=set(),
    )
    assert list(form.errors) == [f"place_{person.pk}"]


def test_what_is_on_file_alone_is_no_opening_check(session):
    (person,) = session.people
    form = DoorForm(
        {"room": "alone", f"place_{person.pk}": "as_filed"},
        session=session,
        asked=asked_in(session),
        known={},
        placed={person.pk},
    )
    assert form.non_field_errors() == [
        "Only what is on file is ticked. Please ask in the call and tick the answers."
    ]


def test_an_unknown_answer_is_refused(session):
    assert list(form_of(session, {"room": "on the moon"}).errors) == ["room"]


def test_the_door_of_a_session_that_began_is_closed(running, counsellor):
    answers = first_answers(running)
    with pytest.raises(Refused) as caught:
        check(running, answers, counsellor, running.during.lower)
    assert caught.value.code == "sessions.not_booked"


def test_only_the_psychologist_answers(session, stranger, supervisor, now):
    for other in (stranger, supervisor):
        with pytest.raises(NotAllowed):
            check(session, first_answers(session), other, now)


def test_what_is_answered_at_one_door_does_not_open_another(open_door, counsellor, room, now):
    """The next session has its own door."""
    assert set(Point) >= OF_EACH
    at = open_door.during.lower
    start(session=open_door, by=counsellor, now=at)
    assert newest_answers(open_door) != {}
    later = CounsellingSession.objects.create(
        case=open_door.case,
        counsellor=counsellor,
        room=room,
        channel="video",
        during=(at + timedelta(days=7), at + timedelta(days=7, minutes=50)),
        booked_by=counsellor,
        booked_at=now,
    )
    assert newest_answers(later) == {}


def test_in_person_its_address_leads_back_to_the_session(session, counsellor, read):
    CounsellingSession.objects.filter(pk=session.pk).update(channel="in_person")
    browser, url = read(counsellor), f"/sessions/{session.pk}/door/"
    for answer in (browser.get(url), browser.post(url, {"room": "ok"})):
        assert (answer.status_code, answer.url) == (302, f"/sessions/{session.pk}/")
    page = browser.get(f"/sessions/{session.pk}/").content.decode()
    assert "This session is in person: it needs no opening check." in page
    assert not session.door_checks.exists()
