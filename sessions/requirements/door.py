"""What both sides show and say in the call before the service begins (A2–A6, G10.4, G11)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.kernel.readiness import (
    IN_PERSON,
    Answer,
    Met,
    Missing,
    NotApplicable,
    Phase,
    Planned,
    requirement,
)
from sessions.models import DoorCheck
from sessions.requirements.facts import SessionFacts

Point = DoorCheck.Point
AT_THE_DOOR = _("Go through the opening check in the call.")


def _results(plan: Planned, known: SessionFacts, point: Point, *, each: bool) -> list[str]:
    """Return the results of a point: of each participant, or the one for all. "" is not asked."""
    people = [p.person_id for p in plan.participants] if each else [None]
    return [known.door.get((point, person), "") for person in people]


def _answer(plan: Planned, results: list[str], open_words: object, failed_words: object) -> Answer:
    if plan.channel == "in_person":
        return IN_PERSON
    if any(result not in ("", DoorCheck.Result.OK) for result in results):
        return Missing(failed_words, _("Look for a way together, or set a new time."))
    if not results or "" in results:
        return Missing(open_words, AT_THE_DOOR)
    return Met()


@requirement("sessions.identity", _("Both identities checked"), ["A2"], [Phase.DOOR])
def identity(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """Each participant's identity, and the psychologist's licence; by telephone call-back and code."""
    results = _results(plan, known, Point.CLIENT_IDENTITY, each=True)
    results += _results(plan, known, Point.LICENCE_SHOWN, each=False)
    return _answer(
        plan,
        results,
        _("identities have not been checked yet"),
        _("an identity could not be confirmed"),
    )


@requirement("sessions.place", _("Today's place of both sides"), ["G10.4"], [Phase.DOOR])
def place(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """Each participant said where she is now; the psychologist, that she is in the clinic's room."""
    hers = _answer(
        plan,
        _results(plan, known, Point.PLACE, each=True),
        _("today's place has not been asked yet"),
        _("today's place is not clear"),
    )
    return room(plan, known, now) if hers == Met() else hers


@requirement("sessions.room", _("In a counselling room of the clinic"), ["A3"], [Phase.DOOR])
def room(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """The psychologist sits in a room of the clinic, alone."""
    return _answer(
        plan,
        _results(plan, known, Point.ROOM, each=False),
        _("the room has not been confirmed yet"),
        _("the psychologist is not in a room of the clinic"),
    )


@requirement("sessions.private", _("Private surroundings"), ["A4"], [Phase.DOOR])
def private(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """Nobody near a participant who was not agreed beforehand."""
    return _answer(
        plan,
        _results(plan, known, Point.PRIVATE, each=True),
        _("the surroundings have not been asked about yet"),
        _("a participant may be overheard"),
    )


@requirement("sessions.no_recording", _("No recording"), ["G11"], [Phase.DOOR])
def no_recording(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """Both sides said that they do not record."""
    return _answer(
        plan,
        _results(plan, known, Point.NO_RECORDING, each=False),
        _("recording has not been spoken about yet"),
        _("somebody wants to record"),
    )


@requirement("sessions.line", _("Device and line work"), ["A5", "A6"], [Phase.DOOR])
def line(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """Sound, and with video the picture, are good enough; either may say stop when they are not."""
    return _answer(
        plan,
        _results(plan, known, Point.LINE, each=True),
        _("sound and picture have not been checked yet"),
        _("device or line is too poor"),
    )


@requirement("sessions.disconnect_plan", _("Plan for a broken line"), ["A5", "A6"], [Phase.DOOR])
def disconnect_plan(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """Both know what happens when the line breaks, and the call-back number answers."""
    return _answer(
        plan,
        _results(plan, known, Point.DISCONNECT_PLAN, each=True),
        _("what to do when the line breaks has not been agreed yet"),
        _("there is no way to call back"),
    )


@requirement("sessions.state_today", _("How the client is today"), ["G2.3"], [Phase.DOOR])
def state_today(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """Body and mood asked at the opening of every session."""
    return _answer(
        plan,
        _results(plan, known, Point.STATE_TODAY, each=True),
        _("nobody has asked yet how the client is today"),
        _("the client is not well enough today"),
    )


@requirement("sessions.participants", _("Who takes part, in which role"), ["G7.1"], [Phase.DOOR])
def participants(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """With several participants, each and her role are confirmed at the opening."""
    if plan.modality == "individual":
        return NotApplicable(_("individual counselling"))
    return _answer(
        plan,
        _results(plan, known, Point.ROLES, each=False),
        _("who takes part has not been confirmed yet"),
        _("somebody is there who is not on the list"),
    )
