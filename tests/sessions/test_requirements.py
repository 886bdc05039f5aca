"""The opening check's requirements; each of every app has its three tests; facts in few queries."""

import ast
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from clinic.kernel.readiness import (
    LOADERS,
    REQUIREMENTS,
    Met,
    Missing,
    NotApplicable,
    ParticipantPlan,
    Phase,
    Planned,
    assess,
)
from sessions.models import CounsellingSession, DoorCheck
from sessions.planning import plans_of
from sessions.requirements import door
from sessions.requirements.facts import SessionFacts
from tests.architecture.house import modules_of_tests, text

Point = DoorCheck.Point
BORN = date(1992, 5, 20)
NOW = timezone.now()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def plan(*people: int, modality: str = "individual", channel: str = "video") -> Planned:
    return Planned(
        session_id=1,
        case_id=1,
        modality=modality,
        channel=channel,
        start=NOW,
        room_id=1,
        counsellor_id=1,
        counsellor_kind="counselling",
        participants=tuple(ParticipantPlan(p, "client", BORN) for p in people),
    )


ALONE, COUPLE = plan(1), plan(1, 2, modality="couple")
IN_PERSON = plan(1, channel="in_person")


def known(**results: str) -> SessionFacts:
    """Facts of the door: ``place_1="ok"`` is of person 1, ``room="ok"`` of all."""
    found = {}
    for name, result in results.items():
        point, _line, person = name.rpartition("_")
        key = (point, int(person)) if person.isdecimal() else (name, None)
        found[key] = result
    return SessionFacts(door=found)


# --- every requirement ---------------------------------------------------------------------------


def test_each_requirement_of_every_app_has_its_three_tests():
    wanted = {
        f"test_{code.replace('.', '_')}_{end}"
        for code in REQUIREMENTS
        for end in ("met", "missing", "not_applicable")
    }
    written = {
        node.name
        for path in modules_of_tests()
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.FunctionDef)
    }
    assert wanted - written == set()


def test_every_app_that_asks_has_a_loader():
    assert {rule.app for rule in REQUIREMENTS.values()} == {*LOADERS}


def test_what_the_door_asks_stops_no_booking_and_can_be_overridden():
    ours = {code: rule for code, rule in REQUIREMENTS.items() if rule.phases == {Phase.DOOR}}
    assert {code for code, rule in ours.items() if rule.absolute} == set()
    assert {code: rule.clauses for code, rule in ours.items()} == {
        "sessions.identity": ("A2",),
        "sessions.place": ("G10.4",),
        "sessions.room": ("A3",),
        "sessions.private": ("A4",),
        "sessions.no_recording": ("G11",),
        "sessions.line": ("A5", "A6"),
        "sessions.disconnect_plan": ("A5", "A6"),
        "sessions.state_today": ("G2.3",),
        "sessions.participants": ("G7.1",),
    }


# --- sessions.identity ---------------------------------------------------------------------------


def test_sessions_identity_met():
    facts = known(client_identity_1="ok", licence_shown="ok")
    assert door.identity(ALONE, facts, NOW) == Met()


@pytest.mark.parametrize(
    "half", [{}, {"client_identity_1": "ok"}, {"licence_shown": "ok"}], ids=["", "hers", "ours"]
)
def test_sessions_identity_missing(half):
    found = door.identity(ALONE, known(**half), NOW)
    assert found == Missing(
        "identities have not been checked yet", "Go through the opening check in the call."
    )


def test_an_identity_in_doubt_is_missing_in_other_words():
    doubtful = known(client_identity_1="stop", licence_shown="ok")
    found = door.identity(ALONE, doubtful, NOW)
    assert found == Missing(
        "an identity could not be confirmed", "Look for a way together, or set a new time."
    )


def test_sessions_identity_not_applicable():
    assert isinstance(door.identity(IN_PERSON, known(), NOW), NotApplicable)


# --- points asked of each participant ------------------------------------------------------------


def test_sessions_place_met():
    assert door.place(ALONE, known(place_1="ok", room="ok"), NOW) == Met()
    assert door.place(COUPLE, known(place_1="ok", place_2="ok", room="ok"), NOW) == Met()


def test_sessions_place_missing():
    for hers in ({}, {"place_1": "ok"}, {"place_1": "ok", "place_2": "fix"}):
        assert isinstance(door.place(COUPLE, known(room="ok", **hers), NOW), Missing)


def test_the_psychologists_place_is_one_of_both():
    for ours in ({}, {"room": "stop"}):
        facts = known(place_1="ok", **ours)
        assert door.place(ALONE, facts, NOW) == door.room(ALONE, facts, NOW)
        assert isinstance(door.place(ALONE, facts, NOW), Missing)


def test_sessions_place_not_applicable():
    assert isinstance(door.place(IN_PERSON, known(), NOW), NotApplicable)


def test_sessions_private_met():
    assert door.private(COUPLE, known(private_1="ok", private_2="ok"), NOW) == Met()


def test_sessions_private_missing():
    overheard = door.private(COUPLE, known(private_1="ok", private_2="stop"), NOW)
    assert str(overheard.reason) == "a participant may be overheard"
    assert isinstance(door.private(COUPLE, known(private_1="ok"), NOW), Missing)


def test_sessions_private_not_applicable():
    assert isinstance(door.private(IN_PERSON, known(), NOW), NotApplicable)


def test_sessions_line_met():
    assert door.line(ALONE, known(line_1="ok"), NOW) == Met()


def test_sessions_line_missing():
    assert (
        str(door.line(ALONE, known(), NOW).reason) == "sound and picture have not been checked yet"
    )
    assert str(door.line(ALONE, known(line_1="fix"), NOW).reason) == "device or line is too poor"


def test_sessions_line_not_applicable():
    assert isinstance(door.line(IN_PERSON, known(), NOW), NotApplicable)


def test_sessions_disconnect_plan_met():
    assert door.disconnect_plan(ALONE, known(disconnect_plan_1="ok"), NOW) == Met()


def test_sessions_disconnect_plan_missing():
    for facts in (known(), known(disconnect_plan_1="fix")):
        assert isinstance(door.disconnect_plan(ALONE, facts, NOW), Missing)


def test_sessions_disconnect_plan_not_applicable():
    assert isinstance(door.disconnect_plan(IN_PERSON, known(), NOW), NotApplicable)


def test_sessions_state_today_met():
    assert door.state_today(ALONE, known(state_today_1="ok"), NOW) == Met()


def test_sessions_state_today_missing():
    for facts in (known(), known(state_today_1="stop")):
        assert isinstance(door.state_today(ALONE, facts, NOW), Missing)


def test_sessions_state_today_not_applicable():
    assert isinstance(door.state_today(IN_PERSON, known(), NOW), NotApplicable)


# --- points asked once ---------------------------------------------------------------------------


def test_sessions_room_met():
    assert door.room(COUPLE, known(room="ok"), NOW) == Met()


def test_sessions_room_missing():
    for facts in (known(), known(room="stop"), known(room_1="ok")):
        assert isinstance(door.room(ALONE, facts, NOW), Missing)


def test_sessions_room_not_applicable():
    assert isinstance(door.room(IN_PERSON, known(), NOW), NotApplicable)


def test_sessions_no_recording_met():
    assert door.no_recording(ALONE, known(no_recording="ok"), NOW) == Met()


def test_sessions_no_recording_missing():
    wished = door.no_recording(ALONE, known(no_recording="stop"), NOW)
    assert str(wished.reason) == "somebody wants to record"
    assert isinstance(door.no_recording(ALONE, known(), NOW), Missing)


def test_sessions_no_recording_not_applicable():
    assert isinstance(door.no_recording(IN_PERSON, known(), NOW), NotApplicable)


def test_sessions_participants_met():
    assert door.participants(COUPLE, known(roles="ok"), NOW) == Met()


def test_sessions_participants_missing():
    assert str(door.participants(COUPLE, known(), NOW).reason) == (
        "who takes part has not been confirmed yet"
    )
    assert str(door.participants(COUPLE, known(roles="stop"), NOW).reason) == (
        "somebody is there who is not on the list"
    )


def test_sessions_participants_not_applicable():
    couple_here = replace(COUPLE, channel="in_person")
    for asked in (ALONE, IN_PERSON, couple_here):
        assert isinstance(door.participants(asked, known(), NOW), NotApplicable)


# --- facts ---------------------------------------------------------------------------------------


def test_the_facts_of_a_session_cost_four_queries(ready, now, django_assert_num_queries):
    plans = [*plans_of([ready]).values()]
    with django_assert_num_queries(4):
        LOADERS["sessions"](plans, now)


def test_all_loaders_together_ask_as_much_for_one_session_as_for_four_hundred(ready, now):
    """A whole session and 399 more of the same case, so that every loader finds something."""
    rows = [
        CounsellingSession(
            case=ready.case,
            counsellor=ready.counsellor,
            room=ready.room,
            channel="telephone" if number % 2 else "video",
            during=(now + timedelta(hours=number), now + timedelta(hours=number, minutes=50)),
            booked_by=ready.counsellor,
            booked_at=now,
        )
        for number in range(1, 400)
    ]
    CounsellingSession.objects.bulk_create(rows)
    counts = []
    for number in (1, 400):
        sessions = list(CounsellingSession.objects.with_people().order_by("id")[:number])
        with CaptureQueriesContext(connection) as queries:
            plans = plans_of(sessions)
            found = assess(list(plans.values()), now)
        counts.append(len(queries))
        assert (len(plans), len(found)) == (number, number)
    assert counts[0] == counts[1]
