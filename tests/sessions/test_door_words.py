"""What an opening lacks is said as what can still be done: it has not been done yet."""

from dataclasses import replace
from datetime import date

import pytest

from clinic.kernel.readiness import ParticipantPlan
from sessions.requirements import door
from sessions.requirements.facts import JurisdictionFact, SessionFacts
from sessions.requirements.places import jurisdiction
from tests.sessions.test_requirements import ALONE, BORN, COUPLE, NOW, known

pytestmark = pytest.mark.usefixtures("english")

NOT_YET = {
    "identity": "identities have not been checked yet",
    "place": "today's place has not been asked yet",
    "room": "the room has not been confirmed yet",
    "private": "the surroundings have not been asked about yet",
    "no_recording": "recording has not been spoken about yet",
    "line": "sound and picture have not been checked yet",
    "disconnect_plan": "what to do when the line breaks has not been agreed yet",
    "state_today": "nobody has asked yet how the client is today",
    "participants": "who takes part has not been confirmed yet",
}


def test_each_point_of_an_opening_that_has_not_begun():
    said = {name: str(getattr(door, name)(COUPLE, known(), NOW).reason) for name in NOT_YET}
    assert said == NOT_YET


def test_a_law_that_is_in_the_register_without_an_answer():
    law = JurisdictionFact(False, False, False, "", date(2026, 1, 1))
    abroad = ParticipantPlan(1, "client", BORN, country="JP", region="Tokyo")
    planned = replace(ALONE, participants=(abroad,))
    answer = jurisdiction(planned, SessionFacts(jurisdictions={("JP", ""): law}), NOW)
    assert str(answer.reason) == "the law of the client's place has not been checked yet"
