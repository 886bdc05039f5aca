"""Readiness, shown with small requirements of an app that exists only here."""

from datetime import UTC, datetime

import pytest

from clinic.kernel import readiness
from clinic.kernel.readiness import (
    Colour,
    Met,
    Missing,
    NotApplicable,
    Phase,
    Planned,
    assess,
    colour,
    facts,
    requirement,
)

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
MET, MISSING, NOT = Met(), Missing("why", "what to do"), NotApplicable("why not")
BOOK, PREPARE, DOOR = [Phase.BOOK], [Phase.PREPARE], [Phase.DOOR]


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    """Registries that hold nothing but what a test puts in; the real ones come back after it."""
    monkeypatch.setattr(readiness, "LOADERS", {})
    monkeypatch.setattr(readiness, "REQUIREMENTS", {})
    facts("tiny")(lambda planned, now: dict.fromkeys(planned, "known"))


def ask(code, answer, phases, **options):
    requirement(f"tiny.{code}", code, ["G1.1"], phases, **options)(lambda plan, known, now: answer)


def planned(counsellor=1):
    return Planned(None, None, "individual", "video", NOW, None, counsellor, "counselling")


def colour_now():
    (findings,) = assess([planned()], NOW).values()
    return colour(findings)


CASES = {
    "nothing asked": ([], Colour.GREY),
    "all met": ([(MET, BOOK), (MET, PREPARE), (MET, DOOR)], Colour.GREEN),
    "missing at booking": ([(MISSING, BOOK), (MET, PREPARE), (MET, DOOR)], Colour.RED),
    "missing in the days before": ([(MET, BOOK), (MISSING, PREPARE), (MET, DOOR)], Colour.RED),
    "missing at the door only": ([(MET, BOOK), (MET, PREPARE), (MISSING, DOOR)], Colour.AMBER),
    "missing before and at the door": ([(MISSING, BOOK), (MISSING, DOOR)], Colour.RED),
    "asked in both, missing": ([(MISSING, [*PREPARE, *DOOR]), (MET, DOOR)], Colour.RED),
    "nothing applies": ([(NOT, BOOK), (NOT, DOOR)], Colour.GREY),
    "some do not apply": ([(NOT, BOOK), (MET, DOOR)], Colour.GREEN),
    "door missing, rest not applicable": ([(NOT, BOOK), (MISSING, DOOR)], Colour.AMBER),
}


@pytest.mark.parametrize(("answers", "expected"), CASES.values(), ids=CASES)
def test_the_colour_follows_from_the_worst_finding(answers, expected):
    for number, (answer, phases) in enumerate(answers):
        ask(f"r{number}", answer, phases)
    assert colour_now() == expected


@pytest.mark.parametrize(
    ("answer", "phases", "state"),
    [
        (MET, BOOK, "go"),
        (NOT, BOOK, "none"),
        (MISSING, BOOK, "stop"),
        (MISSING, PREPARE, "stop"),
        (MISSING, DOOR, "fix"),
        (MISSING, [*BOOK, *DOOR], "stop"),
    ],
)
def test_a_finding_has_a_state_of_its_own(answer, phases, state):
    ask("one", answer, phases)
    ((finding,),) = assess([planned()], NOW).values()
    assert (finding.state, finding.missing) == (state, answer is MISSING)
    assert finding.requirement.clauses == ("G1.1",)


def test_every_requirement_is_asked_about_every_session_with_its_own_facts():
    seen = []
    facts("other")(lambda planned, now: {plan: plan.counsellor_id * 10 for plan in planned})
    requirement("other.look", "look", ["A1"], BOOK)(
        lambda plan, known, now: seen.append((plan.counsellor_id, known, now)) or MET
    )
    ask("one", MET, BOOK)
    plans = [planned(1), planned(2)]
    found = assess(plans, NOW)
    assert seen == [(1, 10, NOW), (2, 20, NOW)]
    codes = [[finding.requirement.code for finding in found[plan]] for plan in plans]
    assert codes == [["other.look", "tiny.one"]] * 2


def test_a_loader_is_called_once_for_all_sessions():
    calls = []

    @facts("other")
    def load(planned, now):
        calls.append(len(planned))
        return dict.fromkeys(planned)

    requirement("other.one", "", ["A1"], BOOK)(lambda plan, known, now: MET)
    requirement("other.two", "", ["A2"], BOOK)(lambda plan, known, now: MET)
    assess([planned(number) for number in range(400)], NOW)
    assert calls == [400]


def test_one_phase_is_asked_alone_and_loads_nothing_of_others():
    calls = []
    facts("other")(lambda planned, now: calls.append(1) or dict.fromkeys(planned))
    requirement("other.door", "", ["A1"], DOOR)(lambda plan, known, now: MET)
    ask("booked", MISSING, BOOK)
    ask("both", MISSING, [*BOOK, *DOOR])
    ((*found,),) = assess([planned()], NOW, phase=Phase.BOOK).values()
    assert ([f.requirement.code for f in found], calls) == (["tiny.booked", "tiny.both"], [])


@pytest.mark.parametrize("clauses", [[], ["G99"], ["G1.1", "B1"], ["A1", "A2", "A3", "A4", "A5"]])
def test_a_requirement_answers_one_to_four_clauses_of_the_catalogue(clauses):
    with pytest.raises(ValueError, match=r"tiny\.one"):
        requirement("tiny.one", "", clauses, BOOK)


def test_a_code_is_registered_once_and_an_app_has_one_loader():
    ask("one", MET, BOOK)
    with pytest.raises(ValueError, match=r"tiny\.one is registered twice"):
        ask("one", MET, BOOK)
    with pytest.raises(ValueError, match="tiny registers two loaders"):
        facts("tiny")(lambda planned, now: {})


def test_absolute_is_a_property_of_the_requirement():
    ask("hard", MISSING, BOOK, absolute=True)
    ask("soft", MISSING, BOOK)
    ((hard, soft),) = assess([planned()], NOW).values()
    assert (hard.requirement.absolute, soft.requirement.absolute) == (True, False)
