"""Assessments as tests make them: every point suits, but what a test says otherwise."""

from datetime import datetime

from clinic.cases.models import Case
from sessions.models import Suitability
from sessions.suitability.actions import assess_suitability
from sessions.suitability.words import POINTS, QUESTIONS

SUITS = dict.fromkeys(POINTS, 4)
REASONS = {point: f"{point} 的依據" for point in POINTS}
TALK = {"talk_with_client": "一起談過", "new_arrangement": "下週二到所"}
REFER = {
    "talk_with_client": "一起談過",
    "destination": "示範醫院",
    "reason": "需要醫療",
    "consent_to_share": "agrees",
}
NOT_TODAY = {"reason": "線路不穩", "new_time": "明天再約"}


def assess(
    case: Case,
    now: datetime,
    *,
    form: str = "full",
    outcome: str = "proceed",
    ratings: dict[str, int | None] | None = None,
    notes: dict[str, str] | None = None,
    details: dict[str, str] | None = None,
    **rest,
) -> Suitability:
    """Assess ``case`` by its own psychologist unless ``by`` says who."""
    return assess_suitability(
        case=case,
        form=form,
        outcome=outcome,
        ratings=SUITS | (ratings or {}),
        notes=REASONS | (notes or {}),
        details={"compare": "same"} | (details or {}),
        now=now,
        **{"by": case.counsellor, "session": None} | rest,
    )


def full_form(**changes) -> dict[str, str]:
    """What a browser sends of the full form when every point suits."""
    data = {"kind": "full", "compare": "same", "outcome": "proceed"}
    for point in POINTS:
        name = point.replace(".", "_")
        data |= {f"{name}_rating": "4", f"{name}_note": REASONS[point]}
    return data | changes


def short_form(seen: Suitability, **changes) -> dict[str, str]:
    """What a browser sends of the short form when nothing has changed."""
    answers = {question.id: "same" for question in QUESTIONS}
    return full_form(kind="short", seen=str(seen.pk)) | answers | changes
